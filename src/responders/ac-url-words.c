/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came of a block, in words: what was seen, where it holds, and where it cannot. */
#include "config.h"

#include "model/ac-time.h"
#include "responders/ac-url-batch.h"

/**
 * ac_url_pattern_for_people:
 *
 * Returns: (transfer full): what is blocked, in words.
 */
char *
ac_url_pattern_for_people (const AcUrlPattern *pattern)
{
  switch (pattern->scope)
    {
    case AC_URL_SCOPE_ANY_QUERY:
      return g_strdup_printf ("“%s” with any query", pattern->key);
    case AC_URL_SCOPE_HOST:
      return g_strdup_printf ("everything on the host “%s”", pattern->key);
    case AC_URL_SCOPE_DOMAIN:
      return g_strdup_printf ("everything on “%s” and on all names below it", pattern->key);
    case AC_URL_SCOPE_URL:
    case AC_URL_SCOPE_UNKNOWN:
    default:
      return g_strdup_printf ("“%s”", pattern->key);
    }
}

/* The rule that no action has made, and what it does, as the end of a sentence. */
static char *
left_for_people (const AcUrlPattern *pattern, AcBlockLeft left)
{
  return g_strdup_printf (left == AC_BLOCK_LEFT_NAME
                              ? "a rule that no action has made blocks “%s” itself"
                              : "a rule that no action has made blocks all names below “%s”",
                          pattern->key);
}

/**
 * ac_url_time_for_people:
 *
 * Returns: (transfer full): a time to the second, in UTC.
 */
char *
ac_url_time_for_people (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return date != NULL ? g_date_time_format (date, "%Y-%m-%d %H:%M:%S UTC") : g_strdup ("no time");
}

/* “ by the action a-1”, “ by the action a-1 and 2 others”; never empty. */
static char *
name_others (const AcUrlWork *work)
{
  guint n = g_strv_length (work->others) - 1;

  if (n == 0)
    return g_strdup_printf ("by the action %s", work->others[0]);
  return g_strdup_printf ("by the action %s and %u more", work->others[0], n);
}

static void
append_common (GString *text, const AcUrlWork *work)
{
  if (work->others[0] != NULL)
    {
      g_autofree char *others = name_others (work);

      g_string_append_printf (text, " It was blocked already %s; now it stays so for this one too.",
                              others);
    }
  if (work->receipt->expires_at != AC_TIME_NONE)
    {
      g_autofree char *time = ac_url_time_for_people (work->receipt->expires_at);

      g_string_append_printf (text, " The block ends by itself at %s.", time);
    }
}

/**
 * ac_url_say_blocked:
 *
 * Gives a work its outcome after it was seen blocked.
 */
void
ac_url_say_blocked (AcUrlBatch *batch, AcUrlWork *work)
{
  const AcUrlPattern *pattern = work->receipt->pattern;
  g_autofree char *what = ac_url_pattern_for_people (pattern);
  g_autoptr (GString) text = g_string_new (NULL);

  if (batch->point == AC_BLOCK_POINT_DNS)
    g_string_append_printf (text,
                            "DNS answers as if there were no name “%s”%s. Who has asked before "
                            "keeps the answer for some seconds.",
                            pattern->key,
                            pattern->scope == AC_URL_SCOPE_DOMAIN ? ", nor any name below it" : "");
  else
    g_string_append_printf (text, "On the block list of the web proxies, which refuse %s.", what);
  if (batch->point == AC_BLOCK_POINT_PROXY && !ac_url_pattern_is_host_wide (pattern))
    g_string_append (text, " Over HTTPS a proxy sees only the host, so there it is refused only "
                           "where the proxy opens TLS; block the whole host to refuse it "
                           "everywhere. DNS does not hold it, because it knows names only.");
  if (work->receipt->left != AC_BLOCK_LEFT_NOTHING)
    {
      g_autofree char *left = left_for_people (pattern, work->receipt->left);

      g_string_append_printf (text,
                              " There was no need for all of it: %s. It was left as it is, and "
                              "stays after an undo.",
                              left);
    }
  append_common (text, work);
  ac_task_set_outcome (work->task, AC_OUTCOME_MOVED, "%s", text->str);
}

/**
 * ac_url_say_unblocked:
 *
 * Gives a work its outcome after this action's entry was seen to be gone.
 */
void
ac_url_say_unblocked (AcUrlBatch *batch, AcUrlWork *work)
{
  const AcUrlPattern *pattern = work->receipt->pattern;
  const char *where = batch->point == AC_BLOCK_POINT_DNS ? "DNS" : "the block list of the proxies";
  g_autofree char *what = ac_url_pattern_for_people (pattern);
  g_autofree char *time = ac_url_time_for_people (work->receipt->expires_at);
  gboolean is_over =
      work->receipt->expires_at != AC_TIME_NONE && work->receipt->expires_at <= ac_time_now ();

  if (work->others[0] != NULL)
    {
      g_autofree char *others = name_others (work);

      ac_task_set_outcome (work->task, AC_OUTCOME_RESTORED,
                           "This action does not block it any more, but %s is still blocked in %s "
                           "%s.",
                           what, where, others);
    }
  else if (work->receipt->left != AC_BLOCK_LEFT_NOTHING)
    {
      g_autofree char *left = left_for_people (pattern, work->receipt->left);

      ac_task_set_outcome (
          work->task, is_over || work->was_gone ? AC_OUTCOME_ALREADY_RESTORED : AC_OUTCOME_RESTORED,
          "This action blocks nothing in DNS any more, but %s, as before.", left);
    }
  else if (is_over)
    ac_task_set_outcome (work->task, AC_OUTCOME_ALREADY_RESTORED,
                         "The block has ended by itself at %s: nothing in %s refuses %s.", time,
                         where, what);
  else if (work->was_gone)
    ac_task_set_outcome (work->task, AC_OUTCOME_ALREADY_RESTORED,
                         "It was taken off by somebody else: nothing in %s refuses %s.", where,
                         what);
  else
    ac_task_set_outcome (work->task, AC_OUTCOME_RESTORED, "Taken off: nothing in %s refuses %s.",
                         where, what);
}

/**
 * ac_url_say_not_for_dns:
 *
 * Gives a task the outcome of a block that DNS cannot hold.
 */
void
ac_url_say_not_for_dns (AcTask *task, const AcUrlPattern *pattern)
{
  if (!ac_url_pattern_is_host_wide (pattern))
    ac_task_set_outcome (task, AC_OUTCOME_NOT_FOUND,
                         "Nothing to do in DNS: it knows names only, and cannot tell “%s” from "
                         "other pages of that host. The proxies block it.",
                         pattern->key);
  else
    ac_task_set_outcome (task, AC_OUTCOME_NOT_FOUND,
                         "Nothing to do in DNS: it is not asked for “%s”, which is no name. The "
                         "proxies block it.",
                         pattern->key);
}
