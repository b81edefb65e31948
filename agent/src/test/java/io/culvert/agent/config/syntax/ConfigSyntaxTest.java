package io.culvert.agent.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigSyntaxTest {
    private static Value.Table hcl(String text) {
        ParsedFile file = ConfigSyntax.parse("f.hcl", text, Dialect.HCL);
        assertThat(file.problems()).isEmpty();
        return file.root();
    }

    private static List<String> problems(String text, Dialect dialect) {
        return ConfigSyntax.parse("f", text, dialect).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private static Value only(String text) {
        return hcl(text).entries().get(0).value();
    }

    @Test
    void blocks_repeat_and_keep_their_order_and_labels() {
        Value.Table root = hcl("service \"web\" { port = 80 }\ncheck {}\nservice db { }\ncheck = {}");
        assertThat(root.entries())
                .extracting(e -> e.names().stream().map(Name::text).toList())
                .containsExactly(
                        List.of("service", "web"), List.of("check"), List.of("service", "db"), List.of("check"));
    }

    @Test
    void attributes_share_a_line_with_and_without_commas() {
        assertThat(Plain.of(hcl("name = \"web\"  id = \"web-1\", port = 8080 tags = [\"v1\"]")))
                .isEqualTo(Plain.of(hcl("name=\"web\"\nid=\"web-1\"\nport=8080\ntags=[\n\"v1\",\n]")));
    }

    @Test
    void every_value_knows_its_line_and_column() {
        Value.Table root = hcl("service {\n  tags = [\"a\",\n    \"é\", 7]\n}");
        Value.Table service = (Value.Table) root.entries().get(0).value();
        Value.Items tags = (Value.Items) service.entries().get(0).value();
        assertThat(service.position()).hasToString("f.hcl:1:9");
        assertThat(service.entries().get(0).position()).hasToString("f.hcl:2:3");
        assertThat(tags.values())
                .extracting(v -> v.position().toString())
                .containsExactly("f.hcl:2:11", "f.hcl:3:5", "f.hcl:3:10");
    }

    @Test
    void comments_of_all_three_kinds_are_passed_over() {
        assertThat(hcl("# a\n// b\n/* c\n { */ x = 1 # d\n/**/y = 2 // e").entries())
                .hasSize(2);
    }

    @Test
    void heredocs_keep_their_text_and_lose_their_indent_on_request() {
        assertThat(Plain.of(only("a = <<EOF\n  one\n two\nEOF\n"))).isEqualTo("  one\n two\n");
        assertThat(Plain.of(only("a = <<-EOF\n      one\n\n    two\n    EOF\n")))
                .isEqualTo("  one\n\ntwo\n");
        assertThat(Plain.of(only("a = <<-EOF\n  one\n    EOF\n"))).isEqualTo("  one\n");
        assertThat(Plain.of(only("a = <<EOF\r\n${x}\r\nEOF\r\n"))).isEqualTo("${x}\n");
    }

    @Test
    void numbers_are_exact() {
        assertThat(Plain.of(only("a = 9223372036854775807"))).isEqualTo(Long.MAX_VALUE);
        assertThat(Plain.of(only("a = -0x1F"))).isEqualTo(-31L);
        assertThat(Plain.of(only("a = 0.1"))).isEqualTo(new BigDecimal("0.1"));
        assertThat(Plain.of(only("a = 1e+3"))).isEqualTo(new BigDecimal("1E+3"));
    }

    @Test
    void interpolation_stays_text() {
        assertThat(Plain.of(only("a = \"x ${file(\"/etc/passwd\")} y\""))).isEqualTo("x ${file(\"/etc/passwd\")} y");
    }

    @Test
    void escapes_become_characters() {
        assertThat(Plain.of(only("a = \"\\t\\n\\\"\\\\\\u00e9\\U0001F600\\x41\\101\"")))
                .isEqualTo("\t\n\"\\é\uD83D\uDE00AA");
    }

    @Test
    void a_file_that_begins_with_a_brace_is_json_whatever_its_name() {
        assertThat(hcl("\uFEFF {\"a\": [1, 2], \"b\": null}").entries()).hasSize(2);
    }

    @Test
    void one_mistake_does_not_hide_the_next() {
        String text = """
                service {
                  name = web
                  port =
                  tags = ["a" "b"]
                  check { interval: "10s" }
                  meta { a "b" }
                }
                }
                service { id = "x" }
                """;
        assertThat(problems(text, Dialect.HCL))
                .containsExactly(
                        "f:2:10: found the word 'web', expected a value after 'name =' (text is written in quotes: \"web\")",
                        "f:3:9: found the end of the line, expected a value after 'port ='",
                        "f:4:15: found a string in a list, expected ',' or ']'",
                        "f:5:19: found ':', expected '=' or '{' after 'interval' (HCL writes key = value)",
                        "f:6:16: found '}', expected '=' or '{' after 'a'",
                        "f:8:1: found '}', expected a key or the end of the file (one '}' too many)");
        assertThat(ConfigSyntax.parse("f", text, Dialect.HCL).root().entries()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "service { name = \"a\"      | f:1:9: this '{' is never closed: found the end of the file, expected '}'",
                "a = [1, 2                  | f:1:5: this '[' is never closed: found the end of the file, expected ']'",
                "a { b = [1, 2 }            | f:1:9: this '[' is never closed: found '}', expected ',' or ']'",
                "a = \"x                    | f:1:5: this string is never closed: found the end of the file, expected '\"'",
                "a = <<EOF                  | f:1:5: this text is never closed: found the end of the file, expected a line 'EOF'",
                "/* a                       | f:1:1: this comment is never closed: found the end of the file, expected '*/'",
                "a = file(\"x\")            | f:1:5: found the word 'file', expected a value after 'a =' (functions are not evaluated)",
                "a = 010                    | f:1:5: the number '010' has a leading zero (expected: no leading zero, or text: \"010\")",
                "a = 10s                    | f:1:5: found 10s, expected a value (a duration is written in quotes: \"10s\")",
                "a = 9223372036854775808    | f:1:5: the number 9223372036854775808 is out of range (expected: a signed number of 64 bits)",
                "a = 1e9999                 | f:1:5: found '1e9999', expected a number",
                "a = 1 + 2                  | f:1:7: found '+', expected a key",
                "a = \"\\q\"                | f:1:6: unknown escape '\\q' in a string (a backslash itself is written \\\\)",
                "a = \"\\u12\"              | f:1:6: an escape of too few digits: found a string, expected 4 hexadecimal digits",
                "a = \"${x\"                | f:1:6: '${' is never closed on its line, expected '}'",
                "a \"b\" = 1                | f:1:3: found the label 'b' before '=', expected '=' directly after 'a' (only a block has labels)",
                "[1]                        | f:1:1: found '[', expected a key",
                "= 1                        | f:1:1: found '=', expected a key",
            })
    void hcl_is_refused_with_what_was_found_and_what_was_expected(String text, String problem) {
        assertThat(problems(text, Dialect.HCL)).first().isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": 1, \"a\": 2}  | f:1:10: key 'a' is set twice (first at f:1)",
                "{\"a\": 1,}           | f:1:9: found '}' after ',', expected a key (JSON allows no trailing comma)",
                "{\"a\": [1,]}         | f:1:10: found ']' after ',', expected a value (JSON allows no trailing comma)",
                "{a: 1}                | f:1:2: found the word 'a', expected a key in double quotes",
                "{\"a\" = 1}           | f:1:6: found '=', expected ':' after the key 'a'",
                "{\"a\": 1 \"b\": 2}   | f:1:9: found a string, expected ',' or '}'",
                "{\"a\": 0x1}          | f:1:7: found '0x1', expected a number",
                "{\"a\": yes}          | f:1:7: found the word 'yes', expected a value after 'a'",
                "{\"a\": 1} x          | f:1:10: found the word 'x', expected the end of the file",
                "{\"a\": 1 # x         | f:1:9: found a comment, which JSON does not have (name the file .hcl to use comments)",
                "{\"a\": \"\\ud800\"}  | f:1:8: this escape is no character (expected: U+0001 to U+10FFFF, no half of a pair)",
                "{\"a\": [1            | f:1:7: this '[' is never closed: found the end of the file, expected ']'",
                "[]                    | f:1:1: found '[', expected '{'",
            })
    void json_is_refused_with_what_was_found_and_what_was_expected(String text, String problem) {
        assertThat(problems(text, Dialect.JSON)).first().isEqualTo(problem);
    }

    @Test
    void bounds_are_kept() {
        assertThat(problems("a ".repeat(1) + "{ a ".repeat(100), Dialect.HCL))
                .singleElement()
                .asString()
                .contains("nested deeper than 64 levels");
        assertThat(problems("{\"a\":" + "[".repeat(100_000), Dialect.JSON))
                .singleElement()
                .asString()
                .contains("nested deeper than 64 levels");
        assertThat(problems("a = [" + "1,".repeat(100_001) + "]", Dialect.HCL))
                .singleElement()
                .asString()
                .contains("more than 100000 values in one file");
        assertThat(problems("!\n".repeat(1_000), Dialect.HCL))
                .hasSize(51)
                .last()
                .asString()
                .contains("more than 50 problems");
        assertThat(ConfigSyntax.parse("f", new byte[ConfigSyntax.LARGEST_FILE + 1], Dialect.HCL)
                        .problems())
                .singleElement()
                .hasToString("f: the file has 1048577 bytes (expected: at most 1048576)");
    }

    @Test
    void bytes_that_are_not_utf_8_are_shown_where_they_stand() {
        byte[] text = "a = 1\nb = \"x\u00e9\"".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(ConfigSyntax.parse("f", text, Dialect.HCL).problems())
                .singleElement()
                .hasToString("f:2:7: this byte is not UTF-8 text");
    }
}
