/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came of a task, in words: what was seen, never what was meant to be. */
#include "config.h"

#include <string.h>

#include "responders/ac-forwarding-run.h"

/* Of a line of a script that is shown. */
#define MAX_SHOWN 120

static char *
say_inside (const AcSieveRedirects *redirects)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < redirects->inside->len; i++)
    {
      g_autofree char *address = g_utf8_make_valid (redirects->inside->pdata[i], -1);

      g_string_append_printf (text, "%s“%s”", i > 0 ? ", " : "", g_strstrip (address));
    }
  if (text->len > 0)
    {
      g_string_prepend (text, " Forwarding inside the organisation stays: ");
      g_string_append_c (text, '.');
    }
  return g_string_free (text, FALSE);
}

static guint
count_keeps (const AcSieveRedirects *redirects)
{
  guint n = 0;

  for (guint i = 0; i < redirects->removed->len; i++)
    n += ((const AcSieveTarget *)redirects->removed->pdata[i])->keeps;
  return n;
}

/**
 * ac_forwarding_say_applied:
 * @redirects: of the original script
 */
void
ac_forwarding_say_applied (AcForwardingRun *run,
                           const AcSieveRedirects *redirects,
                           const AcForwardingIncludes *includes)
{
  g_autofree char *targets = ac_sieve_redirects_list (redirects);
  g_autofree char *inside = say_inside (redirects);
  const char *keeps = count_keeps (redirects) > 0
                          ? " A “keep” stands in its place where the rest of the script might have "
                            "thrown the mail away."
                          : "";

  ac_task_set_outcome (
      run->task, AC_OUTCOME_DONE,
      "Forwarding to %s was taken out of the script “%s”; it runs without as “%s”, "
      "and the mail stays in the mailbox.%s%s%s",
      targets, run->receipt->original_name, run->receipt->our_name, keeps, inside,
      includes->words->str);
}

/**
 * ac_forwarding_say_not_approved:
 * @redirects: of the active script, one of which nobody has approved to be taken out
 */
void
ac_forwarding_say_not_approved (AcForwardingRun *run, const AcSieveRedirects *redirects)
{
  g_autofree char *targets = ac_sieve_redirects_list (redirects);
  g_autofree char *list = g_strjoinv ("”, “", run->task->approved);
  g_autofree char *approved =
      *list != '\0' ? g_strdup_printf ("it was approved for “%s”", list)
                    : g_strdup ("this mailbox could not be looked at when it was approved");

  ac_task_set_failed (run->task, FALSE,
                      "Nothing was changed: the script “%s” forwards to %s now, and %s. Look at it "
                      "with the owner of the mailbox, and have it proposed again to decide anew.",
                      run->active, targets, approved);
}

/**
 * ac_forwarding_say_nothing_to_turn_off:
 * @redirects: of the active script
 */
void
ac_forwarding_say_nothing_to_turn_off (AcForwardingRun *run,
                                       const AcSieveRedirects *redirects,
                                       const AcForwardingIncludes *includes)
{
  g_autofree char *inside = say_inside (redirects);

  if (includes->sends_outside)
    ac_task_set_failed (
        run->task, FALSE,
        "The active script “%s” itself forwards nothing outside the organisation, so "
        "that nothing was changed in it.%s%s",
        run->active, inside, includes->words->str);
  else
    ac_task_set_outcome (run->task, AC_OUTCOME_NOTHING_TO_DO,
                         "The active script “%s” forwards nothing outside the organisation.%s%s",
                         run->active, inside, includes->words->str);
}

/* --- what somebody has changed --- */

static GStrv
lines_of (GBytes *script)
{
  gsize length;
  const char *data = g_bytes_get_data (script, &length);
  g_autofree char *text = length > 0 ? g_utf8_make_valid (data, (gssize)length) : g_strdup ("");

  return g_strsplit (text, "\n", -1);
}

static char *
show_line (const char *line)
{
  g_autofree char *bare = g_strstrip (g_strdup (line));

  if (g_utf8_strlen (bare, -1) <= MAX_SHOWN)
    return g_strdup_printf ("“%s”", bare);
  *g_utf8_offset_to_pointer (bare, MAX_SHOWN) = '\0';
  return g_strdup_printf ("“%s…”", bare);
}

/* Both versions in words: the first line that differs. */
static char *
say_difference (GBytes *before, GBytes *after)
{
  g_auto (GStrv) old = lines_of (before);
  g_auto (GStrv) new = lines_of (after);
  guint i = 0;
  g_autofree char *was = NULL;
  g_autofree char *is = NULL;

  while (old[i] != NULL && new[i] != NULL && g_str_equal (old[i], new[i]))
    i++;
  if (old[i] == NULL && new[i] == NULL)
    return g_strdup ("in bytes that cannot be shown");
  was = old[i] != NULL ? show_line (old[i]) : g_strdup ("not there");
  is = new[i] != NULL ? show_line (new[i]) : g_strdup ("not there");
  if (g_str_equal (was, is))
    return g_strdup_printf ("in the blanks or the end of line %u", i + 1);
  return g_strdup_printf ("line %u was %s and is %s", i + 1, was, is);
}

static void
add_script (GString *words, const char *what, const char *name, GBytes *noted, GBytes *now)
{
  g_autofree char *difference = NULL;

  if (now == NULL)
    g_string_append_printf (words, " %s “%s” has been deleted.", what, name);
  else if (!g_bytes_equal (noted, now))
    {
      difference = say_difference (noted, now);
      g_string_append_printf (words, " %s “%s” has been changed: %s.", what, name, difference);
    }
}

/**
 * ac_forwarding_say_changed:
 * @original: (nullable): the script of the original's name as it is now
 * @ours: (nullable): the script of our name as it is now
 *
 * Says why undo has left the mailbox alone.
 */
void
ac_forwarding_say_changed (AcForwardingRun *run, GBytes *original, GBytes *ours)
{
  const AcForwardingReceipt *receipt = run->receipt;
  g_autoptr (GString) words = g_string_new (NULL);

  if (run->active == NULL)
    g_string_append_printf (words,
                            " No script is active any more, where this action had made “%s” "
                            "active.",
                            receipt->our_name);
  else if (g_str_equal (run->active, receipt->original_name))
    g_string_append_printf (words, " The original script “%s” has been made active again.",
                            receipt->original_name);
  else if (!g_str_equal (run->active, receipt->our_name))
    g_string_append_printf (
        words, " The script “%s” is active now, where this action had made “%s” active.",
        run->active, receipt->our_name);
  add_script (words, "The script of this action", receipt->our_name, receipt->ours, ours);
  add_script (words, "The original script", receipt->original_name, receipt->original, original);
  ac_task_set_outcome (
      run->task, AC_OUTCOME_CONFLICT,
      "Nothing was undone, because the scripts of the mailbox have been changed since "
      "the forwarding was turned off.%s Decide with the owner of the mailbox which "
      "script is to run; undo can be tried again.",
      words->str);
}
