/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-time.h"
#include "window/ac-action-window.h"
#include "window/ac-flyout.h"

#define WIDTH 460
#define HEIGHT 720

struct _AcActionWindow
{
  AdwWindow parent_instance;

  AcFlyout *flyout;

  AcDecisions *decisions;
  AcActionSource *source; /* where the action is from */
  AcActionItem *item;
};

G_DEFINE_FINAL_TYPE (AcActionWindow, ac_action_window, ADW_TYPE_WINDOW)

/* What belongs to the list and its pages is shown there. */
static void
ask_parent (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (widget));

  if (parent == NULL)
    return;
  gtk_widget_activate_action_variant (GTK_WIDGET (parent), name, parameter);
  gtk_window_present (parent);
}

/* What there is of another service, or of another account, is not what this shows: it would neither
 * be followed any more nor could be decided there. */
static void
leave (AcActionWindow *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  /* However many there are, it is told once. */
  if (parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.tell", "s",
                                _ ("The windows of single actions were closed: there is another "
                                   "connection now."));
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
follow_session (AcActionWindow *self)
{
  AcActionSource *source = ac_session_get_source (ac_decisions_get_session (self->decisions));

  if (source != NULL && source != self->source)
    {
      leave (self);
      return;
    }
  ac_flyout_set_offline (
      self->flyout, source == NULL || ac_action_source_get_offline_since (source) != AC_TIME_NONE);
}

static void
title_cb (AcActionWindow *self)
{
  AcAction *action = ac_action_item_get_action (self->item);
  const char *details = action != NULL ? ac_action_get_details (action) : NULL;

  gtk_window_set_title (GTK_WINDOW (self), details != NULL ? details : _ ("Action"));
}

static void
ac_action_window_dispose (GObject *object)
{
  AcActionWindow *self = AC_ACTION_WINDOW (object);

  if (self->decisions != NULL)
    g_signal_handlers_disconnect_by_data (ac_decisions_get_session (self->decisions), self);
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->source);
  g_clear_object (&self->decisions);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (ac_action_window_parent_class)->dispose (object);
}

static void
ac_action_window_class_init (AcActionWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_action_window_dispose;
  gtk_widget_class_install_action (widget_class, "win.show-action", "s", ask_parent);
  gtk_widget_class_install_action (widget_class, "win.open-investigation", "s", ask_parent);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ac_action_window_init (AcActionWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->flyout = g_object_new (AC_TYPE_FLYOUT, "vexpand", TRUE, "width-request", 340, NULL);
  g_signal_connect_object (self->flyout, "close", G_CALLBACK (gtk_window_close), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->flyout));
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_default_size (GTK_WINDOW (self), WIDTH, HEIGHT);
}

/**
 * ac_action_window_new:
 * @parent: where what it leads to is shown
 * @item: of a list; it is kept as it is now for as long as somebody holds it
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
GtkWindow *
ac_action_window_new (GtkWindow *parent, AcDecisions *decisions, AcActionItem *item)
{
  AcActionWindow *self;

  g_return_val_if_fail (AC_IS_DECISIONS (decisions), NULL);
  g_return_val_if_fail (AC_IS_ACTION_ITEM (item), NULL);

  self = g_object_new (AC_TYPE_ACTION_WINDOW, "transient-for", parent, "destroy-with-parent", TRUE,
                       NULL);
  self->decisions = g_object_ref (decisions);
  self->item = g_object_ref (item);
  ac_flyout_set_single (self->flyout, TRUE);
  ac_flyout_set_decisions (self->flyout, decisions);
  ac_flyout_show_item (self->flyout, item);
  ac_flyout_set_position (self->flyout, GTK_INVALID_LIST_POSITION, 0, FALSE, FALSE);
  g_signal_connect_swapped (item, "notify::action", G_CALLBACK (title_cb), self);
  g_set_object (&self->source, ac_session_get_source (ac_decisions_get_session (decisions)));
  if (self->source != NULL)
    g_signal_connect_swapped (self->source, "notify::offline-since", G_CALLBACK (follow_session),
                              self);
  g_signal_connect_object (ac_decisions_get_session (decisions), "notify",
                           G_CALLBACK (follow_session), self, G_CONNECT_SWAPPED);
  follow_session (self);
  title_cb (self);
  return GTK_WINDOW (self);
}
