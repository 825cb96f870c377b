package io.ipvlan.internal.kernel;

import io.ipvlan.KernelError;
import io.ipvlan.Step;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The settings of a link of the [InMemoryKernel]: which there are, and that they take numbers. Nothing depends
/// on what they are set to.
///
/// Source: `/proc/sys/net` of Linux 7.2, without what cannot be written.
final class MemorySettings {
    private static final Pattern KEY = Pattern.compile("net\\.(ipv[46]\\.(?:conf|neigh))\\.([^.]+)\\.([^.]+)");

    /// The one that is no number: an address.
    private static final String SECRET = "stable_secret";

    private static final Set<String> NEIGHBOURS = words("""
            anycast_delay app_solicit base_reachable_time base_reachable_time_ms delay_first_probe_time gc_stale_time
            interval_probe_time_ms locktime mcast_resolicit mcast_solicit proxy_delay proxy_qlen retrans_time
            retrans_time_ms ucast_solicit unres_qlen unres_qlen_bytes""");

    private static final Map<String, Set<String>> NAMES = Map.of(
            "ipv4.neigh", NEIGHBOURS, "ipv6.neigh", NEIGHBOURS, "ipv4.conf", words("""
                    accept_local accept_redirects accept_source_route arp_accept arp_announce arp_evict_nocarrier
                    arp_filter arp_ignore arp_notify bc_forwarding bootp_relay disable_policy disable_xfrm
                    drop_gratuitous_arp drop_unicast_in_l2_multicast force_igmp_version forwarding
                    igmpv2_unsolicited_report_interval igmpv3_unsolicited_report_interval
                    ignore_routes_with_linkdown log_martians medium_id promote_secondaries proxy_arp proxy_arp_pvlan
                    route_localnet rp_filter secure_redirects send_redirects shared_media src_valid_mark tag"""), "ipv6.conf", words("""
                    accept_dad accept_ra accept_ra_defrtr accept_ra_from_local accept_ra_min_hop_limit
                    accept_ra_min_lft accept_ra_mtu accept_ra_pinfo accept_ra_rt_info_max_plen
                    accept_ra_rt_info_min_plen accept_ra_rtr_pref accept_redirects accept_source_route
                    accept_untracked_na addr_gen_mode autoconf dad_transmits disable_ipv6 disable_policy
                    drop_unicast_in_l2_multicast drop_unsolicited_na enhanced_dad force_forwarding
                    force_mld_version force_tllao forwarding hop_limit ignore_routes_with_linkdown ioam6_enabled
                    ioam6_id ioam6_id_wide keep_addr_on_down max_addresses max_desync_factor
                    mldv1_unsolicited_report_interval mldv2_unsolicited_report_interval mtu ndisc_evict_nocarrier
                    ndisc_notify ndisc_tclass optimistic_dad proxy_ndp ra_defrtr_metric ra_honor_pio_life
                    ra_honor_pio_pflag regen_max_retry regen_min_advance router_probe_interval
                    router_solicitation_delay router_solicitation_interval router_solicitation_max_interval
                    router_solicitations rpl_seg_enabled seg6_enabled seg6_require_hmac stable_secret
                    suppress_frag_ndisc temp_prefered_lft temp_valid_lft use_oif_addrs_only use_optimistic
                    use_tempaddr"""));

    private MemorySettings() {}

    private static Set<String> words(String text) {
        return Set.of(text.split("\\s+"));
    }

    /// Why a setting cannot be set, if so.
    ///
    /// @param links the names of the links there are
    static @Nullable KernelError refusal(Step.SetSysctl set, Set<String> links) {
        Matcher key = KEY.matcher(set.key());
        boolean known = key.matches()
                && links.contains(key.group(2).replace('/', '.'))
                && NAMES.getOrDefault(key.group(1), Set.of()).contains(key.group(3));
        if (!known) {
            return new KernelError(2, "ENOENT", "");
        }
        return key.group(3).equals(SECRET) || isNumber(set.value()) ? null : new KernelError(22, "EINVAL", "");
    }

    /// As the kernel reads them, which also knows hexadecimal and octal ones.
    private static boolean isNumber(String value) {
        try {
            int _ = Integer.decode(value.strip());
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
