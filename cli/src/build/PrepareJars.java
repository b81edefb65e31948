import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Rewrites some jars in the folder of the distribution, so that the JVM can put their classes into its class-data archive:
 * the command line parser's class files are raised to the version of Java 8 (older than Java 6 ones are left out), and the
 * signatures of signed jars are taken off (their classes are left out too, and each would be hashed at every start). They
 * were verified by the build when it fetched them. Their manifests lose the digests of each file, which the JVM would
 * otherwise read at every start and keep: 3 MB for the largest one.
 *
 * <p>Native libraries are laid beside the jars: found by the system's loader they need not be unpacked at every start, nor a
 * folder for temporary files that programs may be run from.
 */
public final class PrepareJars {
    private static final int JAVA_8 = 52;

    /** @param arguments the folder of jars; the folder for native libraries */
    public static void main(String[] arguments) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path jar : jars) {
            unpackLibraries(jar, Files.createDirectories(Path.of(arguments[1])));
            if (jar.getFileName().toString().startsWith("picocli-") || isSigned(jar)) {
                rewrite(jar);
            }
        }
    }

    private static void unpackLibraries(Path path, Path into) throws IOException {
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            for (JarEntry entry : jar.stream().toList()) {
                if (entry.getName().matches("META-INF/native/lib[^/]+\\.so")) {
                    String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.copy(in, into.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    /** Also true when only the digests are left of a signature. */
    private static boolean isSigned(Path path) throws IOException {
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            Manifest manifest = jar.getManifest();
            return manifest != null
                    && manifest.getEntries().values().stream()
                            .flatMap(attributes -> attributes.keySet().stream())
                            .anyMatch(key -> key.toString().endsWith("-Digest"));
        }
    }

    private static boolean isSignature(String name) {
        return name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    }

    private static void rewrite(Path path) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (JarFile jar = new JarFile(path.toFile(), false);
                OutputStream file = Files.newOutputStream(fresh);
                JarOutputStream rewritten = new JarOutputStream(file)) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                copy(jar, entries.nextElement(), rewritten);
            }
        }
        Files.setLastModifiedTime(fresh, Files.getLastModifiedTime(path));
        Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void copy(JarFile jar, JarEntry entry, JarOutputStream into) throws IOException {
        boolean picocli = jar.getName().contains("picocli-");
        if (entry.isDirectory() || isSignature(entry.getName()) || picocli && entry.getName().startsWith("META-INF/versions/")) {
            return;
        }
        byte[] bytes;
        try (InputStream in = jar.getInputStream(entry)) {
            bytes = entry.getName().equals(JarFile.MANIFEST_NAME) ? withoutDigests(in) : in.readAllBytes();
        }
        JarEntry fresh = new JarEntry(entry.getName());
        fresh.setTime(entry.getTime());
        into.putNextEntry(fresh);
        boolean old = picocli && entry.getName().endsWith(".class") && !entry.getName().equals("module-info.class");
        into.write(old ? raise(bytes) : bytes);
        into.closeEntry();
    }

    private static byte[] withoutDigests(InputStream in) throws IOException {
        Manifest manifest = new Manifest(in);
        manifest.getEntries().clear();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        manifest.write(bytes);
        return bytes.toByteArray();
    }

    private static byte[] raise(byte[] bytes) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        reader.accept(
                new org.objectweb.asm.ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
                        super.visit(Math.max(version, JAVA_8), access, name, signature, parent, interfaces);
                    }
                },
                ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }
}
