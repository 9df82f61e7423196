/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-navigation-pane.h"
#include "window/ac-ui.h"

struct _AcNavigationPane
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkListBox *list_box;
  GtkListBoxRow *action_center_row;
  GtkListBoxRow *investigations_row;
  GtkListBoxRow *explorer_row;
  GtkListBoxRow *submissions_row;
  GtkLabel *user_name;
  GtkLabel *role;
  GtkLabel *address;

  AcSession *session; /* nullable */
};

G_DEFINE_FINAL_TYPE (AcNavigationPane, ac_navigation_pane, GTK_TYPE_WIDGET)

static void
set_line (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
session_cb (AcNavigationPane *self)
{
  g_autofree char *user_name = NULL;
  g_autofree char *role = NULL;
  g_autofree char *address = NULL;

  if (self->session != NULL)
    g_object_get (self->session, "user-name", &user_name, "role-label", &role, "address", &address,
                  NULL);
  if (user_name == NULL && self->session != NULL &&
      ac_session_get_state (self->session) == AC_SESSION_CONNECTING)
    set_line (self->user_name, _ ("Connecting…"));
  else
    set_line (self->user_name, user_name != NULL ? user_name : _ ("Not connected"));
  set_line (self->role, role);
  set_line (self->address, address);
}

static void
row_activated_cb (AcNavigationPane *self, GtkListBoxRow *row)
{
  const char *page = row == self->investigations_row ? "investigations"
                     : row == self->explorer_row     ? "explorer"
                     : row == self->submissions_row  ? "submissions"
                                                     : "action-center";

  gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s", page);
}

static void
ac_navigation_pane_dispose (GObject *object)
{
  AcNavigationPane *self = AC_NAVIGATION_PANE (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_navigation_pane_parent_class)->dispose (object);
}

static void
ac_navigation_pane_class_init (AcNavigationPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_navigation_pane_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-navigation-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, AcNavigationPane, box);
  gtk_widget_class_bind_template_child (widget_class, AcNavigationPane, list_box);
  gtk_widget_class_bind_template_child (widget_class, AcNavigationPane, action_center_row);
  gtk_widget_class_bind_template_child (widget_class, AcNavigationPane, investigations_row);
  gtk_widget_class_bind_template_child (widget_class, AcNavigationPane, explorer_row);
  gtk_widget_class_bind_template_child (widget_class, AcNavigationPane, submissions_row);
  gtk_widget_class_bind_template_child (widget_class, AcNavigationPane, user_name);
  gtk_widget_class_bind_template_child (widget_class, AcNavigationPane, role);
  gtk_widget_class_bind_template_child (widget_class, AcNavigationPane, address);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "navigationpane");
}

static void
ac_navigation_pane_init (AcNavigationPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  session_cb (self);
}

/**
 * ac_navigation_pane_set_session:
 * @session: (nullable): whose account stands at the foot
 */
void
ac_navigation_pane_set_session (AcNavigationPane *self, AcSession *session)
{
  g_return_if_fail (AC_IS_NAVIGATION_PANE (self));

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    g_signal_connect_swapped (session, "notify", G_CALLBACK (session_cb), self);
  session_cb (self);
}

/**
 * ac_navigation_pane_set_page:
 * @page: the page that is shown
 */
void
ac_navigation_pane_set_page (AcNavigationPane *self, const char *page)
{
  g_return_if_fail (AC_IS_NAVIGATION_PANE (self));

  gtk_list_box_select_row (self->list_box,
                           g_strcmp0 (page, "action-center") == 0 ? self->action_center_row
                           : g_strcmp0 (page, "explorer") == 0    ? self->explorer_row
                           : g_strcmp0 (page, "submissions") == 0 ? self->submissions_row
                                                                  : self->investigations_row);
}
