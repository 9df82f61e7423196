/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-compat.h"
#include "window/ac-window-private.h"

static void
dismiss_waiting (AcWindow *self)
{
  AdwToast *toast = self->waiting;

  if (toast == NULL)
    return;
  g_clear_weak_pointer (&self->waiting);
  adw_toast_dismiss (toast);
}

/* It waits for no more than the person can see: what went wrong is told in this window. */
static void
stay (AcWindow *self)
{
  self->waits_to_close = FALSE;
  dismiss_waiting (self);
  gtk_window_present (GTK_WINDOW (self));
}

static gboolean
close_cb (gpointer data)
{
  AcWindow *self = data;
  AcOperationRun *run = ac_decisions_get_under_way (self->decisions);

  self->closing = 0;
  if (!self->waits_to_close || ac_decisions_is_sending (self->decisions))
    return G_SOURCE_REMOVE;
  /* It could not be taken back, or nobody knows whether it was taken. */
  if (run != NULL && ac_operation_run_get_message (run) != NULL)
    stay (self);
  else
    gtk_window_close (GTK_WINDOW (self));
  return G_SOURCE_REMOVE;
}

/* Whoever tells of it goes on with what the window holds, so it is not closed from within. */
static void
sent_cb (AcWindow *self)
{
  if (self->waits_to_close && self->closing == 0)
    self->closing = g_idle_add (close_cb, self);
}

static void
finished_cb (AcWindow *self, AcOperationRun *run)
{
  AcOperationRunState state = ac_operation_run_get_state (run);

  if (self->waits_to_close &&
      (state == AC_OPERATION_RUN_FAILED || state == AC_OPERATION_RUN_UNSURE))
    stay (self);
}

/* Follows what is sent, before anybody else tells how it ended. */
void
ac_window_follow_sending (AcWindow *self)
{
  g_signal_connect_object (self->decisions, "sent", G_CALLBACK (sent_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->decisions, "finished", G_CALLBACK (finished_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Whether nothing would be lost with the window; otherwise it says so, and closes when that is so.
 */
gboolean
ac_window_may_close (AcWindow *self)
{
  const char *text =
      _ ("Your decision is being sent. The window closes as soon as the service has it.");

  if (self->closes_anyway || self->decisions == NULL || !ac_decisions_is_sending (self->decisions))
    return TRUE;
  self->waits_to_close = TRUE;
  if (self->waiting == NULL)
    {
      AdwToast *toast = adw_toast_new (text);

      adw_toast_set_timeout (toast, 0);
      adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
      adw_toast_set_button_label (toast, _ ("_Close anyway"));
      adw_toast_set_action_name (toast, "win.close-anyway");
      g_set_weak_pointer (&self->waiting, toast);
      adw_toast_overlay_add_toast (self->toast_overlay, toast);
    }
  ac_compat_announce (GTK_WIDGET (self), text);
  return FALSE;
}

void
ac_window_forget_closing (AcWindow *self)
{
  g_clear_handle_id (&self->closing, g_source_remove);
  g_clear_weak_pointer (&self->waiting);
}

void
ac_window_close_anyway_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcWindow *self = AC_WINDOW (widget);

  self->closes_anyway = TRUE;
  gtk_window_close (GTK_WINDOW (widget));
}
