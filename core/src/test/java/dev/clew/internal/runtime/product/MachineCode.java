package dev.clew.internal.runtime.product;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the second compiler made of one method, as a JVM prints it in hexadecimal digits, read by {@code objdump}. */
record MachineCode(String method, List<String> instructions, List<List<Integer>> next) {
    private static final Pattern HEADER = Pattern.compile("Compiled method \\(c2\\)[^%]*\\s(\\S+::\\S+)\\s.*");
    private static final Pattern BYTES = Pattern.compile("\\s+0x([0-9a-f]+):((?:\\s+[0-9a-f]{2,}|\\s+\\|)+)");
    private static final Pattern INSTRUCTION = Pattern.compile("\\s*([0-9a-f]+):\\s+(\\S.*)");
    private static final Pattern JUMP = Pattern.compile("j\\w+\\s+0x([0-9a-f]+)\\b.*");

    /** All methods of what a JVM printed. */
    static List<MachineCode> of(String printed, Path directory) throws IOException, InterruptedException {
        List<MachineCode> all = new ArrayList<>();
        String method = null;
        StringBuilder digits = new StringBuilder();
        boolean inCode = false;
        for (String line : printed.lines().toList()) {
            Matcher header = HEADER.matcher(line);
            Matcher bytes = BYTES.matcher(line.replaceFirst(";.*", ""));
            if (line.startsWith("Compiled method")) {
                method = header.matches() ? header.group(1) : null;
                digits.setLength(0);
            } else if (line.startsWith("[MachCode]")) {
                inCode = true;
            } else if (line.startsWith("[/MachCode]")) {
                inCode = false;
                if (method != null) {
                    all.add(read(method, HexFormat.of().parseHex(digits), directory));
                    method = null;
                }
            } else if (inCode && method != null && bytes.lookingAt()) {
                digits.append(bytes.group(2).replaceAll("[\\s|]", ""));
            }
        }
        return all;
    }

    private static MachineCode read(String method, byte[] code, Path directory)
            throws IOException, InterruptedException {
        Path file = Files.write(directory.resolve("code"), code);
        Process process = new ProcessBuilder(
                        "objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "--no-show-raw-insn", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        List<String> instructions = new ArrayList<>();
        Map<Long, Integer> places = new HashMap<>();
        said.lines().map(INSTRUCTION::matcher).filter(Matcher::matches).forEach(line -> {
            places.put(Long.parseUnsignedLong(line.group(1), 16), instructions.size());
            instructions.add(line.group(2));
        });
        List<List<Integer>> next = new ArrayList<>();
        for (int i = 0; i < instructions.size(); i++) {
            next.add(next(instructions.get(i), i, places, instructions.size()));
        }
        return new MachineCode(method, instructions, next);
    }

    private static List<Integer> next(String instruction, int at, Map<Long, Integer> places, int count) {
        List<Integer> next = new ArrayList<>();
        Matcher jump = JUMP.matcher(instruction);
        if (jump.matches()) {
            Integer target = places.get(Long.parseUnsignedLong(jump.group(1), 16));
            if (target != null) {
                next.add(target);
            }
        }
        if (!instruction.matches("(jmp|ret|hlt|ud2).*") && at + 1 < count) {
            next.add(at + 1);
        }
        return next;
    }

    /** The instructions that can come again after one that contains some text, without those around them that cannot; empty if it is in no loop. */
    List<String> loop(String text) {
        for (int i = 0; i < instructions.size(); i++) {
            if (instructions.get(i).contains(text)) {
                BitSet loop = reached(i, next);
                loop.and(reached(i, before()));
                if (loop.get(i)) {
                    return loop.stream().mapToObj(instructions::get).toList();
                }
            }
        }
        return List.of();
    }

    private List<List<Integer>> before() {
        List<List<Integer>> before = new ArrayList<>();
        instructions.forEach(_ -> before.add(new ArrayList<>()));
        for (int i = 0; i < next.size(); i++) {
            for (int after : next.get(i)) {
                before.get(after).add(i);
            }
        }
        return before;
    }

    private static BitSet reached(int start, List<List<Integer>> edges) {
        BitSet reached = new BitSet();
        Deque<Integer> open = new ArrayDeque<>(edges.get(start));
        while (!open.isEmpty()) {
            int at = open.pop();
            if (!reached.get(at)) {
                reached.set(at);
                open.addAll(edges.get(at));
            }
        }
        return reached;
    }

    /** Whether {@code objdump} is there to read the code. */
    static boolean canBeRead() {
        return System.getProperty("os.arch").matches("amd64|x86_64")
                && Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "objdump")));
    }
}
