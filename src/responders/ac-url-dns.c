/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The URL responder's part for DNS: which names of the policy zone belong to a block, and whether a
 * lookup shows what it should. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "responders/ac-dns-policy.h"
#include "responders/ac-url-batch.h"

/* A name that nobody has: what is blocked with all names below it is blocked here too. */
#define PROBE "action-center-check."

/* How long to wait between two looks, in milliseconds. */
#define FIRST_WAIT 2
#define LONGEST_WAIT 200

/* The names that a block has rules of its own about. */
static void
add_names (GPtrArray *names, const AcUrlPattern *pattern, AcBlockLeft left)
{
  if (left != AC_BLOCK_LEFT_NAME)
    g_ptr_array_add (names, g_strdup (pattern->key));
  if (pattern->scope == AC_URL_SCOPE_DOMAIN && left != AC_BLOCK_LEFT_BELOW)
    g_ptr_array_add (names, g_strconcat ("*.", pattern->key, NULL));
}

static GPtrArray *
names_new (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

static const char *const *
finish_names (GPtrArray *names)
{
  g_ptr_array_add (names, NULL);
  return (const char *const *)names->pdata;
}

static gboolean
look_up_both (const AcUrlConfig *config,
              const AcUrlPattern *pattern,
              gboolean *name_is_blocked,
              gboolean *below_is_blocked,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree char *below = g_strconcat (PROBE, pattern->key, NULL);

  if (!ac_dns_policy_look_up (config, pattern->key, name_is_blocked, cancellable, error))
    return FALSE;
  *below_is_blocked = *name_is_blocked;
  return pattern->scope != AC_URL_SCOPE_DOMAIN || strlen (below) > 253 ||
         ac_dns_policy_look_up (config, below, below_is_blocked, cancellable, error);
}

/* Looks until the server shows it, for as long as the configuration says. */
static gboolean
see (const AcUrlConfig *config,
     const AcUrlPattern *pattern,
     AcBlockLeft left,
     gboolean wants_blocked,
     GCancellable *cancellable,
     GError **error)
{
  gint64 until = g_get_monotonic_time () + (gint64)config->dns_timeout * G_TIME_SPAN_SECOND;

  for (guint wait = FIRST_WAIT;; wait = MIN (wait * 2, LONGEST_WAIT))
    {
      gboolean name_is_blocked, below_is_blocked;

      if (!look_up_both (config, pattern, &name_is_blocked, &below_is_blocked, cancellable, error))
        return FALSE;
      if (wants_blocked ? name_is_blocked && below_is_blocked
                        : (!name_is_blocked || left == AC_BLOCK_LEFT_NAME) &&
                              (!below_is_blocked || left == AC_BLOCK_LEFT_BELOW))
        return TRUE;
      if (g_get_monotonic_time () >= until)
        break;
      if (!ac_responder_wait (wait, cancellable, error))
        return FALSE;
    }
  g_set_error (error, AC_DNS_ERROR, AC_DNS_ERROR_UNREACHABLE,
               wants_blocked
                   ? "The policy zone has the rule, but the DNS server does not answer “%s” by it. "
                     "See response-policy and min-update-interval in its configuration."
                   : "This action's rule is gone from the policy zone, but the DNS server still "
                     "answers “%s” by another one.",
               pattern->key);
  return FALSE;
}

/* Whether an action has made the rule about the name, or all names below it: one whose time has
 * ended, too, as long as its rule may be there. */
static gboolean
is_ours (AcBlockList *list, const char *name, AcUrlScope scope, AcBlockLeft left)
{
  g_autoptr (AcUrlPattern) pattern = ac_url_pattern_new_from_key (scope, name);
  g_autoptr (GPtrArray) covering =
      ac_block_list_covering (list, AC_BLOCK_POINT_DNS, pattern, NULL, G_MININT64 + 1);

  for (guint i = 0; i < covering->len; i++)
    {
      const AcBlockEntry *entry = covering->pdata[i];

      if (entry->left != left || strcmp (entry->pattern->key, name) != 0)
        return TRUE;
    }
  return FALSE;
}

static void
note_left (AcUrlWork *work, AcBlockLeft left)
{
  work->is_unwritten |= work->receipt->left != left;
  work->receipt->left = left;
}

static gboolean
look_first (AcUrlBatch *batch, AcUrlWork *work, AcBlockList *list, GError **error)
{
  const AcUrlPattern *pattern = work->receipt->pattern;
  gboolean is_domain = pattern->scope == AC_URL_SCOPE_DOMAIN;
  gboolean name_is_ours = is_ours (list, pattern->key, AC_URL_SCOPE_HOST, AC_BLOCK_LEFT_NAME);
  gboolean below_is_ours =
      is_domain ? is_ours (list, pattern->key, AC_URL_SCOPE_DOMAIN, AC_BLOCK_LEFT_BELOW)
                : name_is_ours;
  gboolean name_is_left, below_is_left;

  note_left (work, AC_BLOCK_LEFT_NOTHING);
  if (name_is_ours && below_is_ours)
    return TRUE;
  if (!look_up_both (batch->config, pattern, &name_is_left, &below_is_left, batch->cancellable,
                     error))
    return FALSE;
  name_is_left = name_is_left && !name_is_ours;
  below_is_left = below_is_left && !below_is_ours;
  if (name_is_left && below_is_left)
    ac_task_set_outcome (work->task, AC_OUTCOME_ALREADY_THERE,
                         "DNS blocks “%s” already, by a rule that no action has made. It was left "
                         "as it is.",
                         pattern->key);
  else if (name_is_left)
    note_left (work, AC_BLOCK_LEFT_NAME);
  else if (below_is_left)
    note_left (work, AC_BLOCK_LEFT_BELOW);
  return TRUE;
}

/**
 * ac_url_dns_look_first:
 * @list: as it is
 *
 * Gives an outcome to each work that has no rule yet and that DNS blocks already by rules that no
 * action has made: they were there before and stay, so there is nothing to do and nothing to undo.
 * Where that is so for a part of a domain the receipt notes it. What an earlier try has noted holds
 * no more where its entry was taken off the list: it has left no rule, and the zone may be another.
 *
 * Returns: %FALSE when DNS does not answer.
 */
gboolean
ac_url_dns_look_first (AcUrlBatch *batch, AcBlockList *list, GError **error)
{
  g_autoptr (GPtrArray) works = ac_url_batch_unfinished (batch);

  for (guint i = 0; i < works->len; i++)
    {
      AcUrlWork *work = works->pdata[i];

      /* The entry comes before the rule; one that is not there now somebody may have taken off. */
      if (!work->was_on_list && work->receipt->state != AC_URL_STATE_BLOCKED &&
          !look_first (batch, work, list, error))
        return FALSE;
    }
  return TRUE;
}

/* Whether an error is about this one work; then the work has it as its outcome. */
static gboolean
blame (AcUrlBatch *batch, AcUrlWork *work, GError *problem, GError **error)
{
  if (!g_error_matches (problem, AC_DNS_ERROR, AC_DNS_ERROR_OTHER_RULE))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  ac_task_set_failed (work->task, FALSE, "“%s”: %s", work->receipt->pattern->key, problem->message);
  g_error_free (problem);
  return TRUE;
}

/**
 * ac_url_dns_block:
 *
 * Puts the names of the unfinished works into the policy zone, all at once, and sees them blocked.
 *
 * Returns: %FALSE when the whole batch was stopped.
 */
gboolean
ac_url_dns_block (AcUrlBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) works = ac_url_batch_unfinished (batch);
  g_autoptr (GPtrArray) names = names_new ();
  GError *problem = NULL;

  for (guint i = 0; i < works->len; i++)
    {
      const AcUrlReceipt *receipt = ((AcUrlWork *)works->pdata[i])->receipt;

      add_names (names, receipt->pattern, receipt->left);
    }
  if (!ac_dns_policy_add (batch->config, finish_names (names), batch->cancellable, &problem))
    {
      if (!g_error_matches (problem, AC_DNS_ERROR, AC_DNS_ERROR_OTHER_RULE))
        {
          g_propagate_error (error, problem);
          return FALSE;
        }
      g_clear_error (&problem);
      for (guint i = 0; i < works->len; i++)
        {
          AcUrlWork *work = works->pdata[i];
          g_autoptr (GPtrArray) own = names_new ();

          add_names (own, work->receipt->pattern, work->receipt->left);
          if (!ac_dns_policy_add (batch->config, finish_names (own), batch->cancellable,
                                  &problem) &&
              !blame (batch, work, g_steal_pointer (&problem), error))
            return FALSE;
        }
    }
  for (guint i = 0; i < works->len; i++)
    {
      AcUrlWork *work = works->pdata[i];

      if (work->task->outcome == AC_OUTCOME_UNKNOWN &&
          !see (batch->config, work->receipt->pattern, work->receipt->left, TRUE,
                batch->cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/* The names of a block that no entry of the list wants to stay. */
static void
add_names_without (GPtrArray *names,
                   const AcUrlPattern *pattern,
                   AcBlockLeft left,
                   AcBlockList *without)
{
  g_autoptr (AcUrlPattern) host = ac_url_pattern_new_from_key (AC_URL_SCOPE_HOST, pattern->key);
  g_autoptr (GPtrArray) covering =
      ac_block_list_covering (without, AC_BLOCK_POINT_DNS, host, NULL, ac_time_now ());
  gboolean keeps_host = left == AC_BLOCK_LEFT_NAME;
  gboolean keeps_below = pattern->scope != AC_URL_SCOPE_DOMAIN || left == AC_BLOCK_LEFT_BELOW;

  for (guint i = 0; i < covering->len; i++)
    {
      const AcBlockEntry *entry = covering->pdata[i];

      if (strcmp (entry->pattern->key, pattern->key) != 0)
        continue;
      /* A rule that an action has left as it was is nobody's, or another action's. */
      keeps_host |= entry->left != AC_BLOCK_LEFT_NAME;
      keeps_below |=
          entry->pattern->scope == AC_URL_SCOPE_DOMAIN && entry->left != AC_BLOCK_LEFT_BELOW;
    }
  if (!keeps_host)
    g_ptr_array_add (names, g_strdup (pattern->key));
  if (!keeps_below)
    g_ptr_array_add (names, g_strconcat ("*.", pattern->key, NULL));
}

/**
 * ac_url_dns_take_away:
 * @without: the list as it is without the entry that ends
 *
 * Takes the names of one entry out of the policy zone, but for those that others still want.
 */
gboolean
ac_url_dns_take_away (const AcUrlConfig *config,
                      const AcBlockEntry *entry,
                      AcBlockList *without,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GPtrArray) names = names_new ();

  add_names_without (names, entry->pattern, entry->left, without);
  return ac_dns_policy_remove (config, finish_names (names), cancellable, error);
}

/* Nobody else blocks all of what the work has blocked, nor a part of it. */
static gboolean
is_left_open (const AcUrlReceipt *receipt, AcBlockList *without)
{
  const AcUrlPattern *pattern = receipt->pattern;
  g_autoptr (GPtrArray) all = names_new ();
  g_autoptr (GPtrArray) names = names_new ();
  g_autoptr (GPtrArray) covering =
      ac_block_list_covering (without, AC_BLOCK_POINT_DNS, pattern, NULL, ac_time_now ());

  add_names (all, pattern, receipt->left);
  add_names_without (names, pattern, receipt->left, without);
  return covering->len == 0 && names->len == all->len;
}

/**
 * ac_url_dns_unblock:
 * @without: the list as it is without the entries of the batch
 *
 * Takes the names of the unfinished works out of the policy zone, all at once, and sees that they
 * are answered again, where no other action blocks them.
 *
 * Returns: %FALSE when the whole batch was stopped.
 */
gboolean
ac_url_dns_unblock (AcUrlBatch *batch, AcBlockList *without, GError **error)
{
  g_autoptr (GPtrArray) works = ac_url_batch_unfinished (batch);
  g_autoptr (GPtrArray) names = names_new ();

  for (guint i = 0; i < works->len; i++)
    {
      const AcUrlReceipt *receipt = ((AcUrlWork *)works->pdata[i])->receipt;

      add_names_without (names, receipt->pattern, receipt->left, without);
    }
  if (!ac_dns_policy_remove (batch->config, finish_names (names), batch->cancellable, error))
    return FALSE;
  for (guint i = 0; i < works->len; i++)
    {
      AcUrlWork *work = works->pdata[i];

      if (is_left_open (work->receipt, without) &&
          !see (batch->config, work->receipt->pattern, work->receipt->left, FALSE,
                batch->cancellable, error))
        return FALSE;
    }
  return TRUE;
}
