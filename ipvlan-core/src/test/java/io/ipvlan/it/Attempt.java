package io.ipvlan.it;

import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;

/// A program that creates a network, attaches a namespace and prints the exception it gets. Arguments: the
/// name of the namespace, and the parent, empty for a dummy link.
public final class Attempt {
    private Attempt() {}

    public static void main(String[] arguments) {
        IpvlanNetwork description = IpvlanNetwork.builder("attempt")
                .l3()
                .parent(arguments[1].isEmpty() ? Parent.dummy() : Parent.link(arguments[1]))
                .subnet("10.9.0.0/24")
                .build();
        try (Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(description)) {
            network.attach(Netns.ofName(arguments[0]));
            System.out.println("done");
        } catch (IpvlanException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
