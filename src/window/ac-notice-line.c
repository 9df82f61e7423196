/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-notice-line.h"
#include "window/ac-ui.h"

struct _AcNoticeLine
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *label;
  GtkButton *button;

  guint source; /* that hides it */
};

G_DEFINE_FINAL_TYPE (AcNoticeLine, ac_notice_line, GTK_TYPE_WIDGET)

enum
{
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
close_line (AcNoticeLine *self)
{
  ac_notice_line_hide (self);
  g_signal_emit (self, signals[CLOSED], 0);
}

static gboolean
over_cb (gpointer data)
{
  AcNoticeLine *self = data;

  self->source = 0;
  close_line (self);
  return G_SOURCE_REMOVE;
}

static void
close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  close_line (AC_NOTICE_LINE (widget));
}

static void
ac_notice_line_dispose (GObject *object)
{
  AcNoticeLine *self = AC_NOTICE_LINE (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_notice_line_parent_class)->dispose (object);
}

static void
ac_notice_line_class_init (AcNoticeLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_notice_line_dispose;
  signals[CLOSED] = g_signal_new ("closed", AC_TYPE_NOTICE_LINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-notice-line.ui");
  gtk_widget_class_bind_template_child (widget_class, AcNoticeLine, box);
  gtk_widget_class_bind_template_child (widget_class, AcNoticeLine, label);
  gtk_widget_class_bind_template_child (widget_class, AcNoticeLine, button);
  gtk_widget_class_install_action (widget_class, "notice-line.close", NULL, close_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "noticeline");
}

static void
ac_notice_line_init (AcNoticeLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_notice_line_show:
 * @button_label: (nullable): with a mnemonic; no button without
 * @action_name: (nullable): what the button does
 * @seconds: for how long
 *
 * Says @text instead of what is said now.
 */
void
ac_notice_line_show (AcNoticeLine *self,
                     const char *text,
                     const char *button_label,
                     const char *action_name,
                     guint seconds)
{
  g_return_if_fail (AC_IS_NOTICE_LINE (self));

  gtk_label_set_text (self->label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->button), button_label != NULL);
  if (button_label != NULL)
    gtk_button_set_label (self->button, button_label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action_name);
  gtk_widget_set_visible (self->box, TRUE);
  g_clear_handle_id (&self->source, g_source_remove);
  self->source = g_timeout_add_seconds (seconds, over_cb, self);
}

/**
 * ac_notice_line_hide:
 *
 * Says nothing any more, without a signal.
 */
void
ac_notice_line_hide (AcNoticeLine *self)
{
  g_return_if_fail (AC_IS_NOTICE_LINE (self));

  g_clear_handle_id (&self->source, g_source_remove);
  gtk_widget_set_visible (self->box, FALSE);
}
