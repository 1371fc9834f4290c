package dev.clew.examples.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CodeSampleTest {
    @Test
    void aSnippetEndsAtItsOwnBrace() {
        String source = """
                /**
                 * Text.
                 *
                 * {@snippet lang=java :
                 *   for (int i : new int[] {1, 2}) {
                 *       IO.println(i);
                 *
                 *       // braces
                 *   }
                 * }
                 *
                 * <p>More {@code text}, and {@snippet lang="python" :
                 * {name: 1 for name in all}
                 * }
                 */
                """;
        assertThat(CodeSample.ofJavadoc(source))
                .containsExactly(new CodeSample("java", """
                                for (int i : new int[] {1, 2}) {
                                    IO.println(i);

                                    // braces
                                }
                                """), new CodeSample("python", "{name: 1 for name in all}\n"));
    }

    @Test
    void aBlockOfMarkdownMayStandInAList() {
        String page = """
                1. One:

                   ```java
                   if (a) {
                       b();
                   }
                   ```
                ```
                what a terminal shows
                ```
                ```java
                c();
                ```
                """;
        assertThat(CodeSample.ofMarkdown(page))
                .containsExactly(new CodeSample("java", "if (a) {\n    b();\n}\n"), new CodeSample("java", "c();\n"));
    }

    @Test
    void whatIsPrintedIsSaidBesideOrBelow() {
        String code = """
                Tensor y = x.square(); // a formula
                IO.println(y.item()); // 4.0
                // Another remark.
                IO.println(report);
                // right
                // seed 1

                IO.println(y);

                // A remark that stands apart.
                """;
        assertThat(new CodeSample("java", code).printed()).isEqualTo(List.of("4.0", "right", "seed 1"));
    }
}
