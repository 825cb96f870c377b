// What addresses with owners cost a C program: the least that a pool needs which knows whose an address is, refuses a
// second one of the same owner, and takes an address back from nobody but the lease that has it. A bitmap for the
// lowest free address, an entry for each address, an index by owner, a lease for the caller. No lock, one thread,
// one subnet (10.0.0.0/16), no cool-down.
//
//   gcc -O2 -o pool ipvlan-bench/src/main/c/pool.c && ./pool ipam-churn50 1000000
//
// The workload and the line it prints are those of the lab peer-bench: ipam-churn50, -churn90, -churn999, -frag50,
// -frag90. Two million pairs are rehearsed.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ADDRESSES = 65536, OWNER = 16, SLOTS = 4 * ADDRESSES, CHUNK = 64, REHEARSED = 2000000 };

typedef struct {
  char owner[OWNER];
  uint64_t since;
  uint32_t hash;
  int held;
} entry;

typedef struct {
  uint32_t address;
  uint64_t since;
  const char *owner;
} lease;

static uint64_t level0[ADDRESSES / 64], level1[ADDRESSES / 64 / 64], level2; // a bit of a summary: all below are set
static entry entries[ADDRESSES];
static uint32_t slots[SLOTS]; // an address, and 1 more
static uint64_t latest;
static uint64_t random_state = 88172645463325252ull;

static uint64_t clock_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static uint64_t random_below(uint64_t bound) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state % bound;
}

static void set(uint32_t at) {
  if (~(level0[at >> 6] |= 1ull << (at & 63))) return;
  if (~(level1[at >> 12] |= 1ull << (at >> 6 & 63))) return;
  level2 |= 1ull << (at >> 12);
}

static void clear(uint32_t at) {
  level0[at >> 6] &= ~(1ull << (at & 63));
  level1[at >> 12] &= ~(1ull << (at >> 6 & 63));
  level2 &= ~(1ull << (at >> 12));
}

static uint32_t lowest_free(void) { // there is one
  uint32_t at = (uint32_t)__builtin_ctzll(~level2);
  at = at << 6 | (uint32_t)__builtin_ctzll(~level1[at]);
  return at << 6 | (uint32_t)__builtin_ctzll(~level0[at]);
}

static uint32_t hash(const char *text) {
  uint32_t hash = 2166136261u;
  while (*text) hash = (hash ^ (uint8_t)*text++) * 16777619u;
  return hash * 0x9e3779b1u;
}

static uint32_t home(uint32_t hash) { return hash >> 8 & (SLOTS - 1); }

static uint32_t next(uint32_t slot) { return (slot + 1) & (SLOTS - 1); }

static lease *allocate(const char *owner) {
  uint64_t now = clock_ns(CLOCK_REALTIME);
  latest = now > latest ? now : latest + 1;
  uint32_t hashed = hash(owner), slot = home(hashed);
  for (; slots[slot]; slot = next(slot)) {
    const entry *other = &entries[slots[slot] - 1];
    if (other->hash == hashed && !strncmp(other->owner, owner, OWNER)) return NULL;
  }
  uint32_t address = lowest_free();
  set(address);
  slots[slot] = address + 1;
  entry *taken = &entries[address];
  strncpy(taken->owner, owner, OWNER);
  taken->since = latest;
  taken->hash = hashed;
  taken->held = 1;
  lease *made = malloc(sizeof *made);
  if (made) *made = (lease){address, latest, owner};
  return made;
}

static int release(lease *given) {
  entry *held = &entries[given->address];
  if (!held->held || held->since != given->since || strncmp(held->owner, given->owner, OWNER)) return 0;
  (void)clock_ns(CLOCK_REALTIME);
  uint32_t gap = home(held->hash);
  while (slots[gap] != given->address + 1) gap = next(gap);
  for (uint32_t slot = next(gap); slots[slot]; slot = next(slot)) { // what stands behind moves up
    uint32_t wanted = home(entries[slots[slot] - 1].hash);
    if (((slot - wanted) & (SLOTS - 1)) >= ((slot - gap) & (SLOTS - 1))) {
      slots[gap] = slots[slot];
      gap = slot;
    }
  }
  slots[gap] = 0;
  held->held = 0;
  clear(given->address);
  free(given);
  return 1;
}

static void require(int truth, const char *what) {
  if (!truth) {
    fprintf(stderr, "pool: %s\n", what);
    exit(1);
  }
}

static void churn(lease **leases, uint64_t count, uint64_t pairs, uint64_t *chunks) {
  for (uint64_t i = 0; i < pairs / CHUNK; i++) {
    uint64_t start = clock_ns(CLOCK_MONOTONIC);
    for (int j = 0; j < CHUNK; j++) {
      uint64_t chosen = random_below(count);
      const char *owner = leases[chosen]->owner;
      require(release(leases[chosen]), "not held");
      require((leases[chosen] = allocate(owner)) != NULL, "not given");
    }
    if (chunks) chunks[i] = (clock_ns(CLOCK_MONOTONIC) - start) / CHUNK;
  }
}

static int compare(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

int main(int count, char **words) {
  require(count == 3 && !strncmp(words[1], "ipam-", 5), "usage: pool ipam-churn50|90|999|ipam-frag50|90 PAIRS");
  uint64_t pairs = strtoull(words[2], NULL, 10), all = ADDRESSES - 2;
  int fragmented = strstr(words[1], "frag") != NULL;
  uint64_t part = strtoull(words[1] + (fragmented ? 9 : 10), NULL, 10);
  uint64_t wanted = part > 100 ? all * part / 1000 : all * part / 100, first = fragmented ? all : wanted;
  require(wanted > 0 && wanted <= all && pairs >= CHUNK, "too few, or too many");
  lease **leases = calloc(all, sizeof *leases);
  uint64_t *chunks = calloc(pairs / CHUNK, sizeof *chunks);
  require(leases && chunks, "no memory");
  set(0);
  set(ADDRESSES - 1);
  for (uint64_t i = 0; i < first; i++) {
    char *owner = malloc(OWNER);
    require(owner != NULL, "no memory");
    snprintf(owner, OWNER, "endpoint-%u", (unsigned)i);
    require((leases[i] = allocate(owner)) != NULL, "not given");
  }
  for (uint64_t left = first; left > wanted; left--) {
    uint64_t gone = random_below(left);
    require(release(leases[gone]), "not held");
    leases[gone] = leases[left - 1];
  }
  for (uint64_t i = 0; i < wanted; i++) { // in another order than that of the addresses
    uint64_t other = random_below(i + 1);
    lease *moved = leases[i];
    leases[i] = leases[other];
    leases[other] = moved;
  }
  churn(leases, wanted, REHEARSED, NULL);
  churn(leases, wanted, pairs, chunks);
  uint64_t size = pairs / CHUNK;
  qsort(chunks, size, sizeof *chunks, compare);
  printf("{\"w\":\"%s\",\"peer\":\"c-owners\",\"n\":%llu,\"med\":%llu,\"p99\":%llu,\"min\":%llu}\n", words[1],
         (unsigned long long)pairs, (unsigned long long)chunks[size / 2], (unsigned long long)chunks[size * 99 / 100],
         (unsigned long long)chunks[0]);
  return 0;
}
