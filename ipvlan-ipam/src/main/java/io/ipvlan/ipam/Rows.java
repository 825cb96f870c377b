package io.ipvlan.ipam;

import java.util.Arrays;

/// Rows of a few numbers each, in pages, so that few are copied when more come. Only the first page begins
/// small. Not for several threads at once.
final class Rows {
    private static final int PAGE_BITS = 12;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int SMALLEST = 16;
    private static final long[] NO_ROWS = {};
    private static final long[][] NO_PAGES = {};

    private final int width;
    private long[][] pages = NO_PAGES;

    /// @param width how many numbers a row has; each is zero until it is set
    Rows(int width) {
        this.width = width;
    }

    private int at(int row, int column) {
        return (row & (PAGE - 1)) * width + column;
    }

    long get(int row, int column) {
        return pages[row >>> PAGE_BITS][at(row, column)];
    }

    void set(int row, int column, long value) {
        pages[row >>> PAGE_BITS][at(row, column)] = value;
    }

    /// Whether there is such a row.
    boolean has(int row) {
        int page = row >>> PAGE_BITS;
        return page < pages.length && at(row, 0) < pages[page].length;
    }

    /// Makes a row; others of its page may come with it.
    void make(int row) {
        int page = row >>> PAGE_BITS;
        if (page >= pages.length) {
            int before = pages.length;
            pages = Arrays.copyOf(pages, page + 1);
            Arrays.fill(pages, before, page + 1, NO_ROWS);
        }
        int rows = page == 0 ? Math.max(SMALLEST, 2 * Integer.highestOneBit(row)) : PAGE;
        pages[page] = Arrays.copyOf(pages[page], rows * width);
    }
}
