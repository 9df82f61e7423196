/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-running-row.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcRunningRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *title;
  GtkLabel *subtitle;
  GtkProgressBar *progress;
  GtkWidget *stop;
  GtkLabel *reason;

  AcOperation *operation; /* nullable */
  gboolean can_be_stopped;
};

G_DEFINE_FINAL_TYPE (AcRunningRow, ac_running_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  STOP,
  OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
stop_cb (AcRunningRow *self)
{
  gtk_widget_set_sensitive (self->stop, FALSE);
  g_signal_emit (self, signals[STOP], 0);
}

static void
open_cb (AcRunningRow *self)
{
  g_signal_emit (self, signals[OPEN], 0);
}

static void
ac_running_row_dispose (GObject *object)
{
  g_clear_object (&AC_RUNNING_ROW (object)->operation);
  G_OBJECT_CLASS (ac_running_row_parent_class)->dispose (object);
}

static void
ac_running_row_class_init (AcRunningRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_running_row_dispose;
  signals[STOP] = g_signal_new ("stop", AC_TYPE_RUNNING_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[OPEN] = g_signal_new ("open", AC_TYPE_RUNNING_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-running-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AcRunningRow, title);
  gtk_widget_class_bind_template_child (widget_class, AcRunningRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, AcRunningRow, progress);
  gtk_widget_class_bind_template_child (widget_class, AcRunningRow, stop);
  gtk_widget_class_bind_template_child (widget_class, AcRunningRow, reason);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
}

static void
ac_running_row_init (AcRunningRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ac_running_row_new (void)
{
  return g_object_new (AC_TYPE_RUNNING_ROW, NULL);
}

/**
 * ac_running_row_set_operation:
 *
 * Shows how far it has come.
 */
void
ac_running_row_set_operation (AcRunningRow *self, AcOperation *operation)
{
  guint total = ac_operation_get_total (operation);
  guint over = total - ac_operation_get_waiting (operation);
  const char *decision =
      ac_vocabulary_label (AC_VOCABULARY_DECISION, ac_operation_get_decision (operation));
  gboolean approval =
      ac_decision_parse (ac_operation_get_decision (operation)) == AC_DECISION_APPROVE;
  g_autofree char *actions = ac_wording_actions (total);
  g_autofree char *when = ac_time_text_clock (ac_operation_get_created_at (operation));
  /* Translators: a decision, and how many actions it is about */
  g_autofree char *title = g_strdup_printf (_ ("%1$s: %2$s"), decision, actions);
  /* Translators: a person, and a time */
  g_autofree char *who = g_strdup_printf (_ ("Decided by %1$s at %2$s"),
                                          ac_operation_get_decided_by (operation), when);
  g_autofree char *counts = ac_wording_counts (
      ac_operation_get_done (operation), ac_operation_get_failed (operation),
      ac_operation_get_skipped (operation), ac_operation_get_waiting (operation));
  const char *comment = ac_operation_get_comment (operation);
  g_autofree char *subtitle =
      comment != NULL ? g_strdup_printf ("%s · %s", who, comment) : g_strdup (who);

  g_set_object (&self->operation, operation);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->subtitle, subtitle);
  gtk_progress_bar_set_fraction (self->progress, total > 0 ? (double)over / total : 0);
  gtk_progress_bar_set_text (self->progress, counts);
  self->can_be_stopped = approval;
}

/**
 * ac_running_row_offer_stop:
 * @known: whether it is known if the person may stop it; else the button is not there
 * @refusal: (nullable): why not, a sentence
 */
void
ac_running_row_offer_stop (AcRunningRow *self, gboolean known, const char *refusal)
{
  gboolean offered = self->can_be_stopped && known;

  g_return_if_fail (AC_IS_RUNNING_ROW (self));

  gtk_widget_set_visible (self->stop, offered);
  gtk_widget_set_sensitive (self->stop, refusal == NULL);
  gtk_widget_set_tooltip_text (
      self->stop, refusal != NULL ? refusal
                                  : _ ("What has not begun waits for a decision again; what was "
                                       "done can be undone"));
  gtk_label_set_text (self->reason, refusal != NULL ? refusal : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason), offered && refusal != NULL);
}

/**
 * ac_running_row_get_operation:
 *
 * Returns: (transfer none) (nullable): what it shows.
 */
AcOperation *
ac_running_row_get_operation (AcRunningRow *self)
{
  g_return_val_if_fail (AC_IS_RUNNING_ROW (self), NULL);

  return self->operation;
}
