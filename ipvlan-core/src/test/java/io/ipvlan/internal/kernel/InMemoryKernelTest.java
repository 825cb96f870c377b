package io.ipvlan.internal.kernel;

import io.ipvlan.Netns;

class InMemoryKernelTest extends KernelContract {
    private int namespaces;

    @Override
    Kernel open() {
        return new InMemoryKernel();
    }

    @Override
    void makeMacvlan(Kernel kernel, String name, String parent) {
        ((InMemoryKernel) kernel).makeMacvlan(name, parent);
    }

    @Override
    Netns namespace() {
        namespaces++;
        return Netns.ofName("contract-" + namespaces);
    }
}
