package io.ipvlan.internal.preflight;

import io.ipvlan.Finding;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.KernelProbe;
import io.ipvlan.internal.kernel.NetlinkKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says whether this machine can do the job. Changes nothing, and fails over nothing that it finds.
public final class Preflight {
    private Preflight() {}

    /// Looks at this machine, and at the parent of a network if there is one in question.
    public static List<Finding> ofThisMachine(Optional<IpvlanNetwork> network) {
        HostFiles files = HostFiles.ofThisMachine();
        boolean allowed = KernelProbe.isNativeAccessEnabled(); // before the first call, which grants it
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return run(files, allowed, Optional.empty(), _ -> Optional.empty(), List.of(), new Findings());
        }
        try (Kernel kernel = NetlinkKernel.open();
                Kernel.Namespace home = kernel.open(Optional.empty())) {
            Findings parent = new Findings();
            List<Step> steps =
                    network.map(wanted -> parent(files, kernel, wanted, parent)).orElse(List.of());
            return run(files, allowed, Optional.empty(), kind -> KernelProbe.has(home, kind), steps, parent);
        } catch (IpvlanException e) {
            Findings socket = new Findings();
            boolean refused = e.getCause() instanceof IllegalCallerException;
            if (!refused) {
                socket.problem(
                        "netlink", String.valueOf(e.getMessage()), "let the process open netlink sockets (AF_NETLINK)");
            }
            Optional<String> refusal = refused ? Optional.of(e.reason()) : Optional.empty();
            return run(files, allowed, refusal, _ -> Optional.empty(), List.of(), socket);
        }
    }

    private static List<Step> parent(HostFiles files, Kernel kernel, IpvlanNetwork network, Findings findings) {
        Optional<Netns> netns =
                network.parent() instanceof Parent.In(Netns where, Parent _) ? Optional.of(where) : Optional.empty();
        try (Kernel.Namespace place = kernel.open(netns)) {
            return new ParentCheck(files, network, netns, index -> KernelProbe.hardwareType(place, index), findings)
                    .run(place.observe());
        } catch (IpvlanException e) {
            findings.problem(
                    "parent " + network.parent(),
                    String.valueOf(e.getMessage()),
                    "name a namespace that this process can enter");
            return List.of();
        }
    }

    /// Looks at everything.
    ///
    /// @param allowed whether native access was enabled
    /// @param refusal why no socket could be opened for want of native access
    /// @param kinds what the kernel says of kinds of links
    /// @param steps what would be made with a network
    /// @param last what was found already, and is told last
    static List<Finding> run(
            HostFiles files,
            boolean allowed,
            Optional<String> refusal,
            KernelCheck.Kinds kinds,
            List<Step> steps,
            Findings last) {
        Findings findings = new Findings();
        JvmCheck.run(System.getProperty("os.name", ""), System.getProperty("os.arch", ""), allowed, refusal, findings);
        KernelCheck kernel = new KernelCheck(files, kinds, findings);
        kernel.version();
        kernel.kind("ipvlan", "ipvlan", "no endpoint can be attached", true);
        kernel.kind(
                "dummy",
                "dummy",
                "there are no networks without a parent",
                steps.stream().anyMatch(Step.CreateDummy.class::isInstance));
        kernel.kind(
                "vlan",
                "8021q",
                "no VLAN link can be made",
                steps.stream().anyMatch(Step.CreateVlan.class::isInstance));
        ProcessCheck process = new ProcessCheck(files, findings);
        process.capabilities();
        process.userNamespace();
        process.openFiles();
        NetworkingCheck networking = new NetworkingCheck(files, findings);
        networking.namespaces();
        networking.ipv6();
        networking.neighbours();
        List<Finding> all = new ArrayList<>(findings.all());
        all.addAll(last.all());
        return List.copyOf(all);
    }
}
