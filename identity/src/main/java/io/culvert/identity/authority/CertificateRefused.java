package io.culvert.identity.authority;

/** A certificate was not issued; the message says why and may be shown to the one who asked. */
public final class CertificateRefused extends Exception {
    private static final long serialVersionUID = 1;

    public CertificateRefused(String message) {
        super(message);
    }

    public CertificateRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
