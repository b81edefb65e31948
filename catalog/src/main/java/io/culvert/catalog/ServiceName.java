package io.culvert.catalog;

/** The name of a service. Stored as written, compared without regard to case, as Consul does. */
public record ServiceName(String text) implements Comparable<ServiceName> {
    public ServiceName {
        Names.check("service name", text);
    }

    /** Whether the name can be asked for by DNS: letters, digits and inner dashes, at most 63 characters. */
    public boolean isDnsLabel() {
        return Names.isDnsLabel(text);
    }

    /** The form that is compared: lower case. */
    public String folded() {
        return Names.fold(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServiceName name && name.folded().equals(folded());
    }

    @Override
    public int hashCode() {
        return folded().hashCode();
    }

    @Override
    public int compareTo(ServiceName other) {
        return folded().compareTo(other.folded());
    }

    @Override
    public String toString() {
        return text;
    }
}
