import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Rewrites a jar of old class files to the version of Java 8, in the folder of the distribution. The JVM leaves classes
 * older than Java 6 out of its class-data archive, and the command line parser is the largest part of a command's start.
 */
public final class RaiseClassVersion {
    private static final int JAVA_8 = 52;

    public static void main(String[] arguments) throws IOException {
        Path source = Path.of(arguments[0]);
        Path target = Path.of(arguments[1]).resolve(source.getFileName());
        try (JarFile jar = new JarFile(source.toFile());
                OutputStream file = Files.newOutputStream(target);
                JarOutputStream rewritten = new JarOutputStream(file)) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                copy(jar, entries.nextElement(), rewritten);
            }
        }
    }

    private static void copy(JarFile jar, JarEntry entry, JarOutputStream into) throws IOException {
        if (entry.isDirectory() || entry.getName().startsWith("META-INF/versions/")) {
            return;
        }
        byte[] bytes;
        try (InputStream in = jar.getInputStream(entry)) {
            bytes = in.readAllBytes();
        }
        JarEntry fresh = new JarEntry(entry.getName());
        fresh.setTime(entry.getTime());
        into.putNextEntry(fresh);
        into.write(entry.getName().endsWith(".class") && !entry.getName().equals("module-info.class") ? raise(bytes) : bytes);
        into.closeEntry();
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
