package io.ipvlan.internal.kernel;

import io.ipvlan.Netns;

class InMemoryKernelTest extends KernelContract {
    private int namespaces;

    @Override
    Kernel open() {
        return new InMemoryKernel();
    }

    @Override
    Netns namespace() {
        namespaces++;
        return Netns.ofName("contract-" + namespaces);
    }
}
