/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks where a mailbox forwards to, and changes nothing. */
#include "config.h"

#include <gio/gio.h>

#include "model/ac-cluster.h"
#include "model/ac-json.h"
#include "responders/ac-forwarding-run.h"

static void
add_target (GPtrArray *found, const AcSieveTarget *target)
{
  JsonObject *facts = json_object_new ();

  ac_json_set_string (facts, "subject", target->text);
  g_ptr_array_add (found, ac_cluster_message_new (target->text, TRUE, facts));
}

/* What the active script itself forwards is what can be turned off; that another one does which it
 * includes has to be said. */
static gboolean
look_at_includes (AcForwardingRun *run, const AcSieveRedirects *redirects, GError **error)
{
  g_auto (AcForwardingIncludes) includes = { 0 };

  if (!ac_forwarding_includes_look (run, redirects, &includes, error))
    return FALSE;
  ac_forwarding_say_nothing_to_turn_off (run, redirects, &includes);
  if (run->task->outcome != AC_OUTCOME_FAILED)
    return TRUE;
  g_set_error_literal (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_REFUSED, run->task->detail);
  return FALSE;
}

static gboolean
look (AcForwardingRun *run, GPtrArray *found, GError **error)
{
  g_autoptr (GBytes) script = NULL;
  g_autoptr (AcSieveRedirects) redirects = NULL;
  const char *text;
  gsize length;

  if (!ac_forwarding_run_look (run, error))
    return FALSE;
  if (run->active == NULL)
    return TRUE;
  if (!ac_forwarding_run_get (run, run->active, &script, error))
    return FALSE;
  if (script == NULL)
    {
      g_set_error_literal (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_UNAVAILABLE,
                           "The scripts of the mailbox have changed while they were looked at.");
      return FALSE;
    }
  text = g_bytes_get_data (script, &length);
  redirects =
      ac_sieve_redirects_new (text, length, (const char *const *)run->config->domains, error);
  if (redirects == NULL)
    {
      g_prefix_error (error,
                      "The active script “%s” cannot be read. Look at it with the owner of "
                      "the mailbox. ",
                      run->active);
      return FALSE;
    }
  for (guint i = 0; i < redirects->removed->len; i++)
    add_target (found, redirects->removed->pdata[i]);
  return redirects->removed->len > 0 || look_at_includes (run, redirects, error);
}

/**
 * ac_forwarding_look:
 * @entity: the mailbox
 *
 * Blocks.
 *
 * Returns: (transfer full) (element-type AcClusterMessage): the addresses outside the organisation
 * that the active script forwards to, each as it stands there; or %NULL with AC_SIEVE_ERROR or
 * %G_IO_ERROR_CANCELLED.
 */
GPtrArray *
ac_forwarding_look (const AcForwardingConfig *config,
                    AcEntity *entity,
                    const char *mailbox,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (AcTask) task = ac_task_new ("", entity, mailbox, NULL);
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify)ac_cluster_message_free);
  AcForwardingRun run = { .config = config, .task = task };
  gboolean good;

  run.connection = ac_forwarding_config_connect (config, mailbox, cancellable, error);
  if (run.connection == NULL)
    return NULL;
  good = look (&run, found, error);
  g_clear_pointer (&run.scripts, g_ptr_array_unref);
  ac_sieve_connection_log_out (run.connection);
  ac_sieve_connection_free (run.connection);
  return good ? g_steal_pointer (&found) : NULL;
}
