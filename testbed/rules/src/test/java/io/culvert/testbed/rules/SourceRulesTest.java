package io.culvert.testbed.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the compiler does not check: sizes, and log calls that are events with fields instead of prose. */
class SourceRulesTest {
    private static final int LONGEST_METHOD = 60;
    private static final int LONGEST_FILE = 400;

    /** Files over the limit say why in their first comment, with this word. */
    private static final String REASON = "Long because";

    private static final Set<String> LOG_LEVELS = Set.of("trace", "debug", "info", "warn", "error", "log");

    @Test
    void a_method_fits_a_glance() throws IOException {
        List<String> tooLong = new ArrayList<>();
        scan((unit, positions, lines) -> new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
                BlockTree body = method.getBody();
                if (body != null) {
                    long length = lines.getLineNumber(positions.getEndPosition(unit, body))
                            - lines.getLineNumber(positions.getStartPosition(unit, body));
                    if (length > LONGEST_METHOD) {
                        tooLong.add(unit.getSourceFile().getName() + ": " + method.getName() + " " + length + " lines");
                    }
                }
                return super.visitMethod(method, nothing);
            }
        });
        assertThat(tooLong)
                .as("methods of more than " + LONGEST_METHOD + " lines")
                .isEmpty();
    }

    @Test
    void a_long_file_says_why() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path source : House.sources("src/main")) {
            String text = Files.readString(source);
            long lines = text.lines().count();
            if (lines > LONGEST_FILE && !text.contains(REASON)) {
                tooLong.add(House.root().relativize(source) + ": " + lines + " lines");
            }
        }
        assertThat(tooLong)
                .as("files of more than " + LONGEST_FILE + " lines without '" + REASON + "'")
                .isEmpty();
    }

    @Test
    void a_log_line_is_an_event_and_fields() throws IOException {
        List<String> prose = new ArrayList<>();
        scan((unit, positions, lines) -> new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void nothing) {
                if (isLogCall(call) && call.getArguments().stream().anyMatch(SourceRulesTest::isConcatenation)) {
                    prose.add(unit.getSourceFile().getName() + ":"
                            + lines.getLineNumber(positions.getStartPosition(unit, call)));
                }
                return super.visitMethodInvocation(call, nothing);
            }
        });
        assertThat(prose).as("log calls that concatenate").isEmpty();
    }

    private static boolean isLogCall(MethodInvocationTree call) {
        return call.getMethodSelect() instanceof MemberSelectTree select
                && LOG_LEVELS.contains(select.getIdentifier().toString())
                && (select.getExpression().toString().equals("log")
                        || select.getExpression().toString().startsWith("log."));
    }

    private static boolean isConcatenation(ExpressionTree argument) {
        return argument instanceof BinaryTree binary
                && binary.getKind() == Tree.Kind.PLUS
                && !(binary.getLeftOperand() instanceof LiteralTree left
                        && binary.getRightOperand() instanceof LiteralTree right
                        && left.getValue() != null
                        && right.getValue() != null);
    }

    private interface Rule {
        TreeScanner<@Nullable Void, @Nullable Void> over(
                CompilationUnitTree unit, SourcePositions positions, LineMap lines);
    }

    private static void scan(Rule rule) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(House.sources("src/main")));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                rule.over(unit, positions, unit.getLineMap()).scan(unit, null);
            }
        }
    }
}
