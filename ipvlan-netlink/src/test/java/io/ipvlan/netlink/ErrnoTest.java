package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrnoTest {
    /// From 1 on, as `asm-generic/errno-base.h` and `asm-generic/errno.h` have them; two numbers are of no error.
    private static final List<String> NAMES = List.of("""
            EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK
            EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE
            EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM
            ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT
            - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP
            EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ
            ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT
            ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH
            ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT
            ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM
            EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED
            EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON
            """.strip().split("\\s+"));

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
    void everyErrorOfTheKernelHasItsNameAndWordsOfItsOwn() {
        Set<String> words = new HashSet<>();
        for (int number = 1; number <= NAMES.size(); number++) {
            String name = NAMES.get(number - 1);
            if (!name.equals("-")) {
                Errno errno = new Errno(number);
                assertEquals(name, errno.name());
                assertTrue(words.add(errno.description()), errno::description);
            }
        }
    }

    @Test
    void anUnknownNumberIsKeptAndSaysThatItIsUnknown() {
        Errno unknown = new Errno(512);

        assertEquals(512, unknown.number());
        assertEquals("errno 512", unknown.name());
        assertEquals("an error this library has no words for", unknown.description());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aNumberThatIsNotPositiveIsNone(int number) {
        assertThrows(IllegalArgumentException.class, () -> new Errno(number));
    }
}
