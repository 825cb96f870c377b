package io.ipvlan.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class IpFamilyTest {
    @Test
    void aFamilyKnowsTheLengthOfItsAddresses() {
        assertEquals(32, IpFamily.IPV4.bits());
        assertEquals(128, IpFamily.IPV6.bits());
    }
}
