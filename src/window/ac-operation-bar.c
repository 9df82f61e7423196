/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-operation-bar.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcOperationBar
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkOrientable *line;
  GtkLabel *label;
  GtkProgressBar *progress;
  GtkWidget *take_back;

  AcDecisions *decisions; /* nullable */
  guint countdown;        /* source */
};

G_DEFINE_FINAL_TYPE (AcOperationBar, ac_operation_bar, GTK_TYPE_WIDGET)

enum
{
  SHOW_RUN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void update (AcOperationBar *self);

static gboolean
countdown_cb (gpointer data)
{
  AcOperationBar *self = data;

  self->countdown = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* While the approval waits, the seconds go down. */
static void
count_down (AcOperationBar *self, gint64 grace)
{
  gint64 to_next_second = grace % G_TIME_SPAN_SECOND / G_TIME_SPAN_MILLISECOND;

  g_clear_handle_id (&self->countdown, g_source_remove);
  if (grace > 0)
    self->countdown = g_timeout_add ((guint)to_next_second + 1, countdown_cb, self);
}

/* What the button does has one name while nothing was done and another one in the middle. */
static void
offer (AcOperationBar *self, const char *label, const char *tooltip)
{
  if (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (self->take_back)), label) == 0 &&
      g_strcmp0 (gtk_widget_get_tooltip_text (self->take_back), tooltip) == 0)
    return;
  gtk_button_set_label (GTK_BUTTON (self->take_back), label);
  gtk_widget_set_tooltip_text (self->take_back, tooltip);
}

static void
update (AcOperationBar *self)
{
  AcOperationRun *run =
      self->decisions != NULL ? ac_decisions_get_under_way (self->decisions) : NULL;
  gboolean shown = run != NULL;
  gint64 grace = shown ? ac_operation_run_get_grace_left (run) : 0;
  g_autofree char *text = NULL;

  count_down (self, grace);
  gtk_widget_set_visible (self->take_back, shown && ac_operation_run_can_take_back (run));
  if (grace > 0)
    /* Ctrl+Z means the latest decision, and that may be over already. */
    offer (self, _ ("Take back"),
           run == ac_decisions_get_run (self->decisions) ? _ ("Nothing has been done yet (Ctrl+Z)")
                                                         : _ ("Nothing has been done yet"));
  else
    offer (self, _ ("Stop"),
           run == NULL || ac_operation_run_get_decision (run) == AC_DECISION_APPROVE
               ? _ ("What has not begun waits for a decision again; what was done can be undone")
               : _ ("What has not begun is left as it is, and can be tried again"));
  gtk_widget_set_visible (self->box, shown);
  if (!shown)
    return;
  text = ac_wording_run_progress (run);
  gtk_label_set_text (self->label, ac_operation_run_get_message (run) != NULL
                                       ? ac_operation_run_get_message (run)
                                       : text);
  gtk_progress_bar_set_fraction (self->progress, ac_operation_run_get_fraction (run));
}

static void
clicked_cb (AcOperationBar *self)
{
  g_signal_emit (self, signals[SHOW_RUN], 0);
}

static void
take_back_cb (AcOperationBar *self)
{
  ac_decisions_stop_last (self->decisions);
  update (self);
}

static void
ac_operation_bar_dispose (GObject *object)
{
  AcOperationBar *self = AC_OPERATION_BAR (object);

  if (self->decisions != NULL)
    g_signal_handlers_disconnect_by_data (self->decisions, self);
  g_clear_object (&self->decisions);
  g_clear_handle_id (&self->countdown, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_operation_bar_parent_class)->dispose (object);
}

static void
ac_operation_bar_class_init (AcOperationBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_operation_bar_dispose;
  signals[SHOW_RUN] = g_signal_new ("show-run", AC_TYPE_OPERATION_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-operation-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, AcOperationBar, box);
  gtk_widget_class_bind_template_child (widget_class, AcOperationBar, line);
  gtk_widget_class_bind_template_child (widget_class, AcOperationBar, label);
  gtk_widget_class_bind_template_child (widget_class, AcOperationBar, progress);
  gtk_widget_class_bind_template_child (widget_class, AcOperationBar, take_back);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, take_back_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "operationbar");
}

static void
ac_operation_bar_init (AcOperationBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_operation_bar_set_decisions:
 * @decisions: (nullable): of which the latest run that is not over is told
 */
void
ac_operation_bar_set_decisions (AcOperationBar *self, AcDecisions *decisions)
{
  g_return_if_fail (AC_IS_OPERATION_BAR (self));

  if (self->decisions != NULL)
    g_signal_handlers_disconnect_by_data (self->decisions, self);
  g_set_object (&self->decisions, decisions);
  if (decisions != NULL)
    {
      g_signal_connect_swapped (decisions, "notify::run", G_CALLBACK (update), self);
      g_signal_connect_swapped (decisions, "progress", G_CALLBACK (update), self);
      g_signal_connect_swapped (decisions, "finished", G_CALLBACK (update), self);
    }
  update (self);
}

/**
 * ac_operation_bar_set_narrow:
 *
 * Where there is no room for them beside the text, the buttons stand below.
 */
void
ac_operation_bar_set_narrow (AcOperationBar *self, gboolean narrow)
{
  g_return_if_fail (AC_IS_OPERATION_BAR (self));

  gtk_orientable_set_orientation (self->line,
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}
