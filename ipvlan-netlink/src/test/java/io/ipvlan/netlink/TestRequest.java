package io.ipvlan.netlink;

import java.util.ArrayList;
import java.util.List;

/// A request of no meaning: its words, and a body of so many bytes.
record TestRequest(String words, int size) implements NetlinkRequest {
    static final int TYPE = 0x55;

    static TestRequest named(String words) {
        return new TestRequest(words, 4);
    }

    static List<TestRequest> many(int count, int size) {
        List<TestRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(new TestRequest("request " + i, size));
        }
        return requests;
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int flags() {
        return 0x400;
    }

    @Override
    public void writeTo(AttributeWriter body) {
        for (int i = 0; i < size; i++) {
            body.fixed8(0xab);
        }
    }

    @Override
    public String toString() {
        return words;
    }
}
