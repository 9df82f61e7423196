/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "responders/ac-dns-policy.h"

/* What a name may have, and a part of it (RFC 1035 §2.3.4), written with dots. */
#define MAX_NAME 253
#define MAX_LABEL 63

/* Names in one update: a message has 64 KiB at most. */
#define NAMES_A_MESSAGE 100

/* Clients keep an answer for so many seconds. */
#define TTL 5

#define LOOKUP_TRIES 3

G_DEFINE_QUARK (ac - dns - error - quark, ac_dns_error)

/**
 * ac_dns_policy_can_hold:
 * @name: a host, or "*." before one
 * @zone: (nullable): that is to hold a rule about it
 *
 * Only letters, digits, hyphens and underscores: what else a host may have in a URL has no place
 * in a zone, nor in the commands for nsupdate.
 *
 * Returns: whether there can be a rule about @name and all names below it.
 */
gboolean
ac_dns_policy_can_hold (const char *name, const char *zone)
{
  g_auto (GStrv) labels = NULL;

  if (g_str_has_prefix (name, "*."))
    name += strlen ("*.");
  if (*name == '\0' ||
      strlen ("*.") + strlen (name) + (zone != NULL ? strlen (zone) + 1 : 0) > MAX_NAME)
    return FALSE;
  labels = g_strsplit (name, ".", -1);
  for (char **label = labels; *label != NULL; label++)
    {
      gsize length = strlen (*label);

      if (length == 0 || length > MAX_LABEL)
        return FALSE;
      for (const char *at = *label; *at != '\0'; at++)
        if (!g_ascii_isalnum (*at) && *at != '-' && *at != '_')
          return FALSE;
    }
  return TRUE;
}

/* --- updates --- */

static gboolean
unreachable (GError **error, const AcUrlConfig *config, const char *why)
{
  g_set_error (error, AC_DNS_ERROR, AC_DNS_ERROR_UNREACHABLE,
               "The DNS server %s did not take the update: %s.", config->dns_server, why);
  return FALSE;
}

static gboolean
refused (GError **error, const AcUrlConfig *config, const char *why)
{
  g_set_error (error, AC_DNS_ERROR, AC_DNS_ERROR_REFUSED,
               "The DNS server %s refused the update of the zone “%s”: %s.", config->dns_server,
               config->dns_zone, why);
  return FALSE;
}

/* What nsupdate has said, in words for a person. Its own words are in English and stable. */
static gboolean
judge (const AcUrlConfig *config, const char *out, const char *err, int status, GError **error)
{
  static const struct
  {
    const char *said;
    AcDnsError code;
    const char *words;
  } answers[] = {
    { "YXRRSET", AC_DNS_ERROR_OTHER_RULE, NULL },
    { "NXRRSET", AC_DNS_ERROR_OTHER_RULE, NULL },
    { "could not read key", AC_DNS_ERROR_REFUSED, "the key file cannot be read as a key" },
    { "BADKEY", AC_DNS_ERROR_REFUSED,
      "it does not know the key; compare its name with named.conf" },
    { "BADSIG", AC_DNS_ERROR_REFUSED,
      "the signature is wrong; compare the secret with named.conf" },
    { "BADTIME", AC_DNS_ERROR_UNREACHABLE, "its clock and the service's differ" },
    { "unsynchronized", AC_DNS_ERROR_UNREACHABLE, "its clock and the service's differ" },
    { "NOTZONE", AC_DNS_ERROR_REFUSED, "the name does not belong there" },
    { "NOTAUTH", AC_DNS_ERROR_REFUSED, "it does not hold that zone" },
    { "NOTIMP", AC_DNS_ERROR_REFUSED, "it takes no updates" },
    { "REFUSED", AC_DNS_ERROR_REFUSED, "the key has no right to change it; see update-policy" },
    { "SERVFAIL", AC_DNS_ERROR_UNREACHABLE, "it had trouble of its own" },
    { "timed out", AC_DNS_ERROR_UNREACHABLE, "it did not answer in time" },
    { "ommunication with", AC_DNS_ERROR_UNREACHABLE, "it cannot be reached" },
  };
  g_autofree char *line = NULL;

  /* An update that was done has a signed answer that says so. */
  if (status == 0 && strstr (out, "status: NOERROR") != NULL &&
      strstr (out, "TSIG PSEUDOSECTION") != NULL && strstr (err, "could not read key") == NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      if (strstr (err, answers[i].said) == NULL)
        continue;
      if (answers[i].code == AC_DNS_ERROR_UNREACHABLE)
        return unreachable (error, config, answers[i].words);
      if (answers[i].code == AC_DNS_ERROR_REFUSED)
        return refused (error, config, answers[i].words);
      g_set_error (error, AC_DNS_ERROR, answers[i].code,
                   "The zone “%s” has another rule for this name; it was left as it is.",
                   config->dns_zone);
      return FALSE;
    }
  line = g_strndup (err, strcspn (err, "\n"));
  return unreachable (error, config, *line != '\0' ? line : "nsupdate said nothing more");
}

/* In the new process: an update must not outlive the service that wants it, for the next one may
 * want the contrary. */
static void
end_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static gboolean
run_nsupdate (const AcUrlConfig *config,
              const char *commands,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree char *timeout = g_strdup_printf ("%u", config->dns_timeout);
  g_autofree char *script =
      g_strdup_printf ("server %s %u\nzone %s.\n%ssend\nanswer\n", config->dns_server,
                       config->dns_port, config->dns_zone, commands);
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                 G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autoptr (GError) problem = NULL;

  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  /* Over TCP it is known at once when nobody is there. */
  process = g_subprocess_launcher_spawn (launcher, &problem, "nsupdate", "-v", "-t", timeout, "-k",
                                         config->dns_key_file, NULL);
  if (process == NULL)
    {
      g_set_error (error, AC_DNS_ERROR, AC_DNS_ERROR_REFUSED,
                   "DNS cannot be updated, because nsupdate (Debian: bind9-dnsutils) cannot be "
                   "started: %s.",
                   problem->message);
      return FALSE;
    }
  if (!g_subprocess_communicate_utf8 (process, script, cancellable, &out, &err, &problem))
    {
      g_subprocess_force_exit (process);
      g_subprocess_wait (process, NULL, NULL);
      if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      return unreachable (error, config, problem->message);
    }
  return judge (config, out, err,
                g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1,
                error);
}

/* One update for names [from, to). */
typedef enum
{
  ADD_WHERE_NOTHING_IS,
  ADD_WHERE_IT_IS,
  REMOVE,
} Change;

static gboolean
change_some (const AcUrlConfig *config,
             Change change,
             const char *const *names,
             gsize n,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GString) commands = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    {
      g_return_val_if_fail (ac_dns_policy_can_hold (names[i], config->dns_zone), FALSE);
      if (change == ADD_WHERE_NOTHING_IS)
        g_string_append_printf (commands, "prereq nxrrset %s.%s. CNAME\n", names[i],
                                config->dns_zone);
      else if (change == ADD_WHERE_IT_IS)
        g_string_append_printf (commands, "prereq yxrrset %s.%s. CNAME .\n", names[i],
                                config->dns_zone);
    }
  /* “CNAME .” stands for: no such name. Only this rule is taken away, no other one. */
  for (gsize i = 0; i < n; i++)
    if (change == REMOVE)
      g_string_append_printf (commands, "update delete %s.%s. CNAME .\n", names[i],
                              config->dns_zone);
    else
      g_string_append_printf (commands, "update add %s.%s. %d CNAME .\n", names[i],
                              config->dns_zone, TTL);
  return run_nsupdate (config, commands->str, cancellable, error);
}

/* A name of which the zone may have the rule already, from an update whose answer was lost.
 *
 * @added: is given the name when it had none */
static gboolean
add_one (const AcUrlConfig *config,
         const char *const *name,
         GPtrArray *added,
         GCancellable *cancellable,
         GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (change_some (config, ADD_WHERE_NOTHING_IS, name, 1, cancellable, &problem))
    {
      g_ptr_array_add (added, (gpointer)*name);
      return TRUE;
    }
  if (g_error_matches (problem, AC_DNS_ERROR, AC_DNS_ERROR_OTHER_RULE))
    return change_some (config, ADD_WHERE_IT_IS, name, 1, cancellable, error);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* @done: (nullable): is given the names that were changed */
static gboolean
change_all (const AcUrlConfig *config,
            Change change,
            const char *const *names,
            GPtrArray *done,
            GCancellable *cancellable,
            GError **error)
{
  gsize n = g_strv_length ((GStrv)names);

  for (gsize from = 0; from < n; from += NAMES_A_MESSAGE)
    {
      gsize some = MIN (NAMES_A_MESSAGE, n - from);

      if (!change_some (config, change, names + from, some, cancellable, error))
        return FALSE;
      for (gsize i = 0; done != NULL && i < some; i++)
        g_ptr_array_add (done, (gpointer)names[from + i]);
    }
  return TRUE;
}

/* Takes back what was added before a name of the same block was refused. Where that fails the zone
 * holds some of it, which is told as what may pass: whoever has asked must not forget it.
 *
 * @added: ends with %NULL */
static gboolean
take_back (const AcUrlConfig *config, GPtrArray *added, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (change_all (config, REMOVE, (const char *const *)added->pdata, NULL, cancellable, &problem))
    return TRUE;
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    g_set_error (error, AC_DNS_ERROR, AC_DNS_ERROR_UNREACHABLE,
                 "The zone “%s” has another rule for a name of this block, and what was added for "
                 "“%s” could not be taken back. %s",
                 config->dns_zone, (const char *)added->pdata[0], problem->message);
  return FALSE;
}

/**
 * ac_dns_policy_add:
 * @names: each a host, or "*." before one for all names below it
 *
 * Adding what is there already changes nothing.
 *
 * Returns: %TRUE when the zone holds a rule for each; with AC_DNS_ERROR_OTHER_RULE it holds none
 * that it did not hold before.
 */
gboolean
ac_dns_policy_add (const AcUrlConfig *config,
                   const char *const *names,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GPtrArray) added = g_ptr_array_new ();
  g_autoptr (GError) problem = NULL;

  if (change_all (config, ADD_WHERE_NOTHING_IS, names, added, cancellable, &problem))
    return TRUE;
  if (!g_error_matches (problem, AC_DNS_ERROR, AC_DNS_ERROR_OTHER_RULE))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  g_clear_error (&problem);
  for (names += added->len; *names != NULL; names++)
    if (!add_one (config, names, added, cancellable, &problem))
      {
        g_ptr_array_add (added, NULL);
        if (!g_error_matches (problem, AC_DNS_ERROR, AC_DNS_ERROR_OTHER_RULE) ||
            take_back (config, added, cancellable, error))
          g_propagate_error (error, g_steal_pointer (&problem));
        return FALSE;
      }
  return TRUE;
}

/**
 * ac_dns_policy_remove:
 *
 * Returns: %TRUE when the zone holds no such rule for any of @names any more. A rule that says
 * something else is left alone.
 */
gboolean
ac_dns_policy_remove (const AcUrlConfig *config,
                      const char *const *names,
                      GCancellable *cancellable,
                      GError **error)
{
  return change_all (config, REMOVE, names, NULL, cancellable, error);
}

/* --- lookups --- */

static gsize
make_query (const char *name, guint16 id, guint8 *query, gsize size)
{
  guint8 *at = query + NS_HFIXEDSZ;
  int length;

  memset (query, 0, NS_HFIXEDSZ);
  ns_put16 (id, query);
  query[2] = 1; /* recursion desired */
  ns_put16 (1, query + 4);
  length = dn_comp (name, at, (int)(size - NS_HFIXEDSZ - NS_QFIXEDSZ), NULL, NULL);
  if (length < 0)
    return 0;
  at += length;
  ns_put16 (ns_t_a, at);
  ns_put16 (ns_c_in, at + 2);
  return (gsize)(at + NS_QFIXEDSZ - query);
}

/* A server that has answered by its policy adds the zone's SOA, so that it can be told. */
static gboolean
has_soa_of (ns_msg *message, ns_sect section, const char *zone)
{
  for (int i = 0; i < ns_msg_count (*message, section); i++)
    {
      ns_rr record;

      if (ns_parserr (message, section, i, &record) != 0)
        return FALSE;
      if (ns_rr_type (record) == ns_t_soa && g_ascii_strcasecmp (ns_rr_name (record), zone) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Sends the query once and waits for its answer. */
static gboolean
ask (const AcUrlConfig *config,
     GSocket *socket,
     const char *name,
     ns_msg *message,
     guint8 *answer,
     gsize size,
     GCancellable *cancellable,
     GError **error)
{
  guint8 query[NS_PACKETSZ];
  guint16 id = (guint16)g_random_int_range (0, 65536);
  gsize length = make_query (name, id, query, sizeof query);
  gint64 until =
      g_get_monotonic_time () + (gint64)config->dns_timeout * G_TIME_SPAN_SECOND / LOOKUP_TRIES;

  if (length == 0)
    {
      g_set_error (error, AC_DNS_ERROR, AC_DNS_ERROR_NO_NAME, "“%s” is no name of DNS.", name);
      return FALSE;
    }
  if (g_socket_send (socket, (const char *)query, length, cancellable, error) < 0)
    return FALSE;
  for (;;)
    {
      gint64 left = until - g_get_monotonic_time ();
      gssize n;

      if (!g_socket_condition_timed_wait (socket, G_IO_IN, MAX (left, 0), cancellable, error) ||
          (n = g_socket_receive (socket, (char *)answer, size, cancellable, error)) < 0)
        return FALSE;
      /* Whatever is not the answer to this query is the answer to an earlier one. */
      if (ns_initparse (answer, (int)n, message) == 0 && ns_msg_id (*message) == id &&
          ns_msg_getflag (*message, ns_f_qr) == 1)
        return TRUE;
    }
}

/**
 * ac_dns_policy_look_up:
 * @name: a host
 * @is_blocked: (out): whether the answer came by the policy zone
 *
 * Returns: %FALSE when there was no answer that says anything, with AC_DNS_ERROR_UNREACHABLE or
 * AC_DNS_ERROR_REFUSED.
 */
gboolean
ac_dns_policy_look_up (const AcUrlConfig *config,
                       const char *name,
                       gboolean *is_blocked,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) problem = NULL;
  guint8 answer[NS_MAXMSG];
  ns_msg message;

  *is_blocked = FALSE;
  socket = g_socket_new (g_socket_address_get_family (config->dns_resolver), G_SOCKET_TYPE_DATAGRAM,
                         G_SOCKET_PROTOCOL_UDP, &problem);
  if (socket != NULL && g_socket_connect (socket, config->dns_resolver, cancellable, &problem))
    for (guint try = 0; try < LOOKUP_TRIES; try++)
      {
        g_clear_error (&problem);
        if (ask (config, socket, name, &message, answer, sizeof answer, cancellable, &problem) ||
            g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
          break;
      }
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      (problem != NULL && problem->domain == AC_DNS_ERROR))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (problem != NULL)
    {
      g_set_error (error, AC_DNS_ERROR, AC_DNS_ERROR_UNREACHABLE,
                   "The DNS server does not answer when it is asked for “%s”: %s.", name,
                   problem->message);
      return FALSE;
    }
  if (ns_msg_getflag (message, ns_f_rcode) == ns_r_refused)
    {
      g_set_error (error, AC_DNS_ERROR, AC_DNS_ERROR_REFUSED,
                   "The DNS server refuses to answer the service, so nobody can see what it "
                   "blocks. Let the service ask it (allow-recursion).");
      return FALSE;
    }
  *is_blocked = has_soa_of (&message, ns_s_ar, config->dns_zone) ||
                has_soa_of (&message, ns_s_ns, config->dns_zone);
  return TRUE;
}
