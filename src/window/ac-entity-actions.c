/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-mail-query.h"
#include "window/ac-entity-actions.h"
#include "window/ac-ui.h"
#include "window/ac-window.h"

struct _AcEntityActions
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkWidget *read;

  AcAction *action; /* nullable */
};

G_DEFINE_FINAL_TYPE (AcEntityActions, ac_entity_actions, GTK_TYPE_WIDGET)

/* Where the pages are: the window that this is in, or the one that it belongs to. */
static AcWindow *
find_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWindow *window = GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;

  if (window != NULL && !AC_IS_WINDOW (window))
    window = gtk_window_get_transient_for (window);
  return AC_IS_WINDOW (window) ? AC_WINDOW (window) : NULL;
}

static void
explore_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcEntityActions *self = AC_ENTITY_ACTIONS (widget);
  AcWindow *window = find_window (widget);
  g_autoptr (AcMailQuery) query = NULL;

  if (self->action == NULL || window == NULL)
    return;
  query = ac_mail_query_new_from_entity (ac_action_get_entity (self->action),
                                         ac_action_get_assets (self->action));
  if (query != NULL)
    {
      ac_window_explore (window, query);
      gtk_window_present (GTK_WINDOW (window));
    }
}

static void
report_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcEntityActions *self = AC_ENTITY_ACTIONS (widget);
  AcWindow *window = find_window (widget);

  if (self->action != NULL && window != NULL)
    ac_window_report (window, self->action);
}

static void
ac_entity_actions_dispose (GObject *object)
{
  AcEntityActions *self = AC_ENTITY_ACTIONS (object);

  g_clear_object (&self->action);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_entity_actions_parent_class)->dispose (object);
}

static void
ac_entity_actions_class_init (AcEntityActionsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_entity_actions_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-entity-actions.ui");
  gtk_widget_class_bind_template_child (widget_class, AcEntityActions, box);
  gtk_widget_class_bind_template_child (widget_class, AcEntityActions, read);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "entity.explore", NULL, explore_action);
  gtk_widget_class_install_action (widget_class, "entity.report", NULL, report_action);
}

static void
ac_entity_actions_init (AcEntityActions *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* In some languages they are wider together than a narrow window. */
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->box)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_label_set_ellipsize (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (child))),
                             PANGO_ELLIPSIZE_END);
}

/**
 * ac_entity_actions_set_action:
 * @action: (nullable): whose entity it is
 */
void
ac_entity_actions_set_action (AcEntityActions *self, AcAction *action)
{
  g_autoptr (AcMailQuery) query = NULL;

  g_return_if_fail (AC_IS_ENTITY_ACTIONS (self));

  g_set_object (&self->action, action);
  if (action != NULL)
    query = ac_mail_query_new_from_entity (ac_action_get_entity (action),
                                           ac_action_get_assets (action));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "entity.explore", query != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "entity.report", action != NULL);
}

/**
 * ac_entity_actions_set_readable:
 *
 * Says whether details.read-message shows the message that the action is about.
 */
void
ac_entity_actions_set_readable (AcEntityActions *self, gboolean readable)
{
  g_return_if_fail (AC_IS_ENTITY_ACTIONS (self));

  gtk_widget_set_visible (self->read, readable);
}
