package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The module as it was compiled, whether or not the tests run in it.
class ModuleTest {
    private static ModuleDescriptor module() throws IOException, URISyntaxException {
        Path classes = Path.of(
                Ipvlan.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    @Test
    void onlyTheApiIsExported() throws IOException, URISyntaxException {
        ModuleDescriptor module = module();

        assertEquals("io.ipvlan.core", module.name());
        assertEquals(
                Set.of("io.ipvlan"),
                module.exports().stream().map(ModuleDescriptor.Exports::source).collect(Collectors.toSet()));
        assertFalse(module.exports().iterator().next().isQualified());
        assertTrue(module.opens().isEmpty());
        assertFalse(module.isOpen());
        assertTrue(module.provides().isEmpty());
        assertTrue(module.uses().isEmpty());
    }

    /// Of the modules below only the values reach users; netlink can be replaced without their noticing.
    @Test
    void onlyTheValuesBelowReachUsers() throws IOException, URISyntaxException {
        Map<String, Set<Modifier>> required =
                module().requires().stream().collect(Collectors.toMap(Requires::name, Requires::modifiers));

        assertEquals(
                Set.of("java.base", "jdk.jfr", "org.jspecify", "io.ipvlan.ipam", "io.ipvlan.netlink", "org.slf4j"),
                required.keySet());
        assertEquals(Set.of(Modifier.TRANSITIVE), required.get("io.ipvlan.ipam"));
        assertEquals(Set.of(), required.get("io.ipvlan.netlink"));
        assertEquals(Set.of(), required.get("org.slf4j"));
        assertEquals(Set.of(Modifier.STATIC), required.get("org.jspecify"));
        assertEquals(Set.of(Modifier.STATIC), required.get("jdk.jfr"));
    }
}
