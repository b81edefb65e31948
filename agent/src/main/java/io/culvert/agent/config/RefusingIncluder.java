package io.culvert.agent.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;

/** Opens nothing. All four interfaces: for one that is left out the library opens files, URLs or the class path itself. */
final class RefusingIncluder implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private boolean asked;

    boolean wasAsked() {
        return asked;
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        return nothing();
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return nothing();
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        return nothing();
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        return nothing();
    }

    private ConfigObject nothing() {
        asked = true;
        return ConfigFactory.empty().root();
    }
}
