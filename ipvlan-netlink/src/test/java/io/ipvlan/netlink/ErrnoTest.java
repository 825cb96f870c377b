package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrnoTest {
    static Stream<Field> constants() {
        return Arrays.stream(Errno.class.getFields()).filter(field -> Modifier.isStatic(field.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("constants")
    void aConstantHasItsNameAndADescription(Field constant) throws IllegalAccessException {
        Errno errno = (Errno) constant.get(null);

        assertAll(
                () -> assertEquals(constant.getName(), errno.name()),
                () -> assertEquals(constant.getName(), errno.toString()),
                () -> assertNotEquals(new Errno(4095).description(), errno.description()));
    }

    @Test
    void anUnknownNumberIsKeptAndSaysThatItIsUnknown() {
        Errno unknown = new Errno(133);

        assertEquals(133, unknown.number());
        assertEquals("errno 133", unknown.name());
        assertEquals("an error this library has no words for", unknown.description());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aNumberThatIsNotPositiveIsNone(int number) {
        assertThrows(IllegalArgumentException.class, () -> new Errno(number));
    }
}
