/* SPDX-License-Identifier: GPL-3.0-or-later */
/* actionctl watch: one line for each change, as it happens, until it is interrupted. */
#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>

#include "actionctl/ac-ctl.h"
#include "model/ac-time.h"

/* Milliseconds between two questions. */
#define INTERVAL 1000
#define LONGEST_INTERVAL 30000

static const GOptionEntry options[] = { { NULL } };

static gboolean
interrupted_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
tick_cb (gpointer data)
{
  gboolean *over = data;

  *over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
pause_for (guint milliseconds, GCancellable *interrupted)
{
  gboolean over = FALSE;
  guint timer = g_timeout_add (milliseconds, tick_cb, &over);

  while (!over && !g_cancellable_is_cancelled (interrupted))
    g_main_context_iteration (NULL, TRUE);
  if (!over)
    g_source_remove (timer);
}

static void
print_change (AcCtl *ctl, const AcChange *change)
{
  g_autofree char *at = ac_ctl_time_text (change->at);
  g_autofree char *details = NULL;
  g_autofree char *by = NULL;

  if (change->kind != AC_CHANGE_ACTION || change->action == NULL)
    return;
  if (ctl->json)
    {
      g_autoptr (JsonObject) object = ac_action_to_json (change->action);

      ac_ctl_print_json (object);
      return;
    }
  details = ac_ctl_safe_text (ac_action_get_details (change->action));
  by = ac_ctl_safe_text (ac_action_get_decided_by (change->action));
  g_print ("%s  %s  %s  %s%s%s\n", at, change->id,
           ac_vocabulary_label (AC_VOCABULARY_STATUS, ac_action_get_status (change->action)),
           details, *by != '\0' ? "  " : "", by);
}

static AcChangePage *
next_page (AcCtl *ctl, const char *token, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *answer = NULL;

  ac_api_get_changes_async (ctl->api, token, AC_API_MAX_LIMIT, cancellable, ac_ctl_answer_cb,
                            &answer);
  result = ac_ctl_wait (&answer);
  return ac_api_get_changes_finish (ctl->api, result, error);
}

static AcCtlExit
watch (AcCtl *ctl, const char *const *arguments)
{
  g_autoptr (GCancellable) interrupted = g_cancellable_new ();
  g_autofree char *token = NULL;
  guint delay = INTERVAL;
  guint sources[] = {
    g_unix_signal_add (SIGINT, interrupted_cb, interrupted),
    g_unix_signal_add (SIGTERM, interrupted_cb, interrupted),
  };

  while (!g_cancellable_is_cancelled (interrupted))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AcChangePage) page = next_page (ctl, token, interrupted, &error);

      if (page != NULL)
        {
          for (guint i = 0; i < page->changes->len; i++)
            print_change (ctl, page->changes->pdata[i]);
          g_free (token);
          token = g_steal_pointer (&page->next);
          delay = page->more ? 0 : INTERVAL;
        }
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        break;
      else if (g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_GONE))
        {
          ac_ctl_complain (_ ("The service no longer knows all that has changed meanwhile; changes "
                              "may be missing here."));
          g_clear_pointer (&token, g_free);
          delay = INTERVAL;
        }
      else if (ac_client_error_is_offline (error))
        {
          ac_ctl_complain (_ ("%s Trying again."), error->message);
          delay = CLAMP (delay * 2, INTERVAL, LONGEST_INTERVAL);
        }
      else
        {
          ac_ctl_complain ("%s", error->message);
          return AC_CTL_FAILED;
        }
      pause_for (delay, interrupted);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  return AC_CTL_DONE;
}

const AcCtlCommand ac_ctl_watch = {
  .name = "watch",
  .summary = N_ ("Print what changes, as it happens"),
  .options = options,
  .run = watch,
};
