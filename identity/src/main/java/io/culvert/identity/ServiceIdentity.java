package io.culvert.identity;

import io.culvert.catalog.ServiceName;

/** A service, whichever host it runs on. */
public record ServiceIdentity(TrustDomain trustDomain, String datacenter, ServiceName service) implements SpiffeId {
    public ServiceIdentity {
        Datacenters.check(datacenter);
    }

    @Override
    public String uri() {
        return trustDomain.uri() + "/ns/default/dc/" + datacenter + "/svc/" + PathSegment.encode(service.folded());
    }

    @Override
    public String intentionSource() {
        return service.folded();
    }

    @Override
    public String subject() {
        return service.folded() + ".svc.default";
    }

    @Override
    public String toString() {
        return uri();
    }
}
