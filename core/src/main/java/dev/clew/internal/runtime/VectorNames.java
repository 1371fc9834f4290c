package dev.clew.internal.runtime;

import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks up every name of the Vector API that a generated class has, before it runs: the JVM does so when code comes by, and a record in
 * the middle of a program is too late.
 */
final class VectorNames {
    private static final String PACKAGE = "jdk/incubator/vector/";

    private static final Set<String> FOUND = ConcurrentHashMap.newKeySet();

    private VectorNames() {}

    /** Throws {@link LinkageError} if one is not there. */
    static void require(byte[] code) {
        for (PoolEntry entry : ClassFile.of().parse(code).constantPool()) {
            if (entry instanceof MemberRefEntry member
                    && member.owner().asInternalName().startsWith(PACKAGE)) {
                String whole = member.owner().asInternalName() + '.' + member.name() + ':' + member.type();
                if (!FOUND.contains(whole)) {
                    require(member);
                    FOUND.add(whole);
                }
            }
        }
    }

    private static void require(MemberRefEntry member) {
        try {
            Class<?> owner = Class.forName(
                    member.owner().asInternalName().replace('/', '.'), false, VectorNames.class.getClassLoader());
            String name = member.name().stringValue();
            String type = member.type().stringValue();
            boolean isThere = member instanceof FieldRefEntry
                    ? owner.getField(name).getType().descriptorString().equals(type)
                    : Arrays.stream(owner.getMethods())
                            .anyMatch(method -> method.getName().equals(name)
                                    && MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                                            .descriptorString()
                                            .equals(type));
            if (!isThere) {
                throw new NoSuchMethodError(owner.getName() + '.' + name + type);
            }
        } catch (ClassNotFoundException | NoSuchFieldException missing) {
            throw new LinkageError(missing.getMessage(), missing);
        }
    }
}
