package io.culvert.identity;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name of one mesh's circle of trust, such as {@code 0d3ddd67-ccb6-4ae0-89bc-fe350f7f66a1.culvert}. Independent of
 * any DNS domain, and one for all datacenters.
 *
 * @param text lower-case letters, digits, dots, dashes and underscores, at most 255 (SPIFFE-ID section 2.1)
 */
public record TrustDomain(String text) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
    private static final int LONGEST = 255;
    private static final int SHORT_FORM = 8;

    public TrustDomain {
        if (text.length() > LONGEST || !FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("trust domain: '" + Printable.of(text)
                    + "' (expected: lower-case letters, digits, dots, dashes and underscores, at most " + LONGEST
                    + ")");
        }
    }

    /** The domain of a new mesh: {@code <uuid>.culvert}. */
    public static TrustDomain of(UUID mesh) {
        return new TrustDomain(mesh + ".culvert");
    }

    /** The first characters, enough to tell two meshes apart in a certificate's subject. */
    public String shortForm() {
        return text.substring(0, Math.min(SHORT_FORM, text.length()));
    }

    /** The id of the domain itself, which its root certificates carry. */
    public String uri() {
        return SpiffeId.SCHEME + text;
    }

    @Override
    public String toString() {
        return text;
    }
}
