/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script can include other scripts (RFC 6609), and what these forward is forwarded too. They are
 * looked at and reported, and left: another script of the mailbox may include them as well. */
#include "config.h"

#include "responders/ac-forwarding-run.h"

/* More than these are not looked at, and that is said. */
#define MAX_INCLUDES 20

static gboolean
look_at_script (AcForwardingRun *run,
                const char *name,
                AcForwardingIncludes *includes,
                GPtrArray *waiting,
                GError **error)
{
  g_autoptr (GBytes) script = NULL;
  g_autoptr (AcSieveRedirects) redirects = NULL;
  g_autoptr (GError) problem = NULL;
  g_autofree char *targets = NULL;
  const char *text;
  gsize length;

  if (!ac_forwarding_run_get (run, name, &script, error))
    return FALSE;
  if (script == NULL)
    {
      g_string_append_printf (includes->words,
                              " It includes the script “%s”, which does not exist.", name);
      return TRUE;
    }
  text = g_bytes_get_data (script, &length);
  redirects =
      ac_sieve_redirects_new (text, length, (const char *const *)run->config->domains, &problem);
  if (redirects == NULL)
    {
      g_string_append_printf (includes->words,
                              " It includes the script “%s”, which cannot be read: %s", name,
                              problem->message);
      return TRUE;
    }
  targets = ac_sieve_redirects_list (redirects);
  if (redirects->removed->len == 0)
    g_string_append_printf (includes->words,
                            " It includes the script “%s”, which forwards nothing outside.", name);
  else
    {
      includes->sends_outside = TRUE;
      g_string_append_printf (
          includes->words,
          " It includes the script “%s”, which forwards to %s: that was left as "
          "it is and must be turned off by hand.",
          name, targets);
    }
  for (guint i = 0; i < redirects->includes->len; i++)
    {
      const AcSieveInclude *include = redirects->includes->pdata[i];
      AcSieveInclude copy = { g_strdup (include->name), include->is_global };

      g_ptr_array_add (waiting, g_memdup2 (&copy, sizeof copy));
    }
  return TRUE;
}

static void
include_free (AcSieveInclude *include)
{
  g_free (include->name);
  g_free (include);
}

/**
 * ac_forwarding_includes_look:
 * @redirects: of the script that runs
 * @includes: (out): what the scripts do that it includes, and those that these include
 */
gboolean
ac_forwarding_includes_look (AcForwardingRun *run,
                             const AcSieveRedirects *redirects,
                             AcForwardingIncludes *includes,
                             GError **error)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func ((GDestroyNotify)include_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  includes->words = g_string_new (NULL);
  for (guint i = 0; i < redirects->includes->len; i++)
    {
      const AcSieveInclude *include = redirects->includes->pdata[i];
      AcSieveInclude copy = { g_strdup (include->name), include->is_global };

      g_ptr_array_add (waiting, g_memdup2 (&copy, sizeof copy));
    }
  for (guint i = 0; i < waiting->len; i++)
    {
      const AcSieveInclude *include = waiting->pdata[i];

      if (g_hash_table_size (seen) >= MAX_INCLUDES)
        {
          g_string_append (includes->words, " It includes more scripts than were looked at.");
          break;
        }
      if (include->is_global)
        g_string_append_printf (
            includes->words,
            " It includes the script “%s” of the mail server itself, which cannot "
            "be looked at from here.",
            include->name);
      else if (g_hash_table_add (seen, include->name) &&
               !look_at_script (run, include->name, includes, waiting, error))
        return FALSE;
    }
  return TRUE;
}

void
ac_forwarding_includes_clear (AcForwardingIncludes *includes)
{
  if (includes->words != NULL)
    g_string_free (g_steal_pointer (&includes->words), TRUE);
}
