package io.ipvlan.bench.peer;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.LinkQuery;
import io.ipvlan.netlink.route.RouteQuery;
import io.ipvlan.netlink.route.RouteSocket;
import io.ipvlan.netlink.route.RouteTable;

/// Reads a whole table into objects, `REPS` times. With the property `lean` they are handed over one by one
/// and forgotten, so that the memory does not grow with the table.
final class Dumps {
    // So many that the heap does not grow any more: memory that was never used comes from the kernel page by page.
    private static final int REHEARSED_LINKS = 3_000_000;
    private static final int REHEARSED_ROUTES = 30_000_000;

    private final String workload;
    private final int expected;
    private final int rehearsals;
    private final Table table;
    private long seen;

    /// Reads a table once.
    @FunctionalInterface
    private interface Table {
        int read(RouteSocket socket) throws NetlinkException;
    }

    private Dumps(String workload, int expected, int rehearsedRows, Table table) {
        this.workload = workload;
        this.expected = expected;
        this.rehearsals = Warmth.rehearsals(rehearsedRows / expected);
        this.table = table;
    }

    private Dumps(String workload, int expected, int rehearsedRows, Table whole, Table rowByRow) {
        this(workload, expected, rehearsedRows, Boolean.getBoolean("lean") ? rowByRow : whole);
    }

    /// The routes of the main table, IPv4.
    static Dumps ofRoutes(int expected) {
        RouteQuery question = RouteQuery.all().ofFamily(IpFamily.IPV4).ofTable(RouteTable.MAIN);
        return new Dumps(
                "dump-routes",
                expected,
                REHEARSED_ROUTES,
                socket -> socket.routes(question).size(),
                socket -> {
                    Counter counter = new Counter();
                    socket.routes(question, counter::take);
                    return counter.count;
                });
    }

    /// All links.
    static Dumps ofLinks(int expected) {
        return new Dumps(
                "dump-links",
                expected,
                REHEARSED_LINKS,
                socket -> socket.links().size(),
                socket -> {
                    Counter counter = new Counter();
                    socket.links(LinkQuery.all(), counter::take);
                    return counter.count;
                });
    }

    private static final class Counter {
        private int count;

        void take(Object row) {
            count++;
        }
    }

    void run() throws NetlinkException {
        int repetitions = Integer.parseInt(System.getenv().getOrDefault("REPS", "20"));
        Report report = new Report(workload, expected);
        try (RouteSocket socket = RouteSocket.open()) {
            for (int i = -rehearsals; i < repetitions; i++) {
                if (i == 0) {
                    report.begin();
                }
                long start = System.nanoTime();
                int rows = table.read(socket);
                long end = System.nanoTime();
                if (rows < expected) {
                    throw new IllegalStateException(rows + " rows, not " + expected);
                }
                if (i >= 0) {
                    report.add(end - start);
                }
                seen = rows;
            }
            report.end(repetitions);
        }
        report.further("objs", seen);
        report.print();
    }
}
