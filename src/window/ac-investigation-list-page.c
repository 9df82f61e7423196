/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "window/ac-investigation-list-page.h"
#include "window/ac-investigation-row.h"
#include "window/ac-ui.h"

/* How many are asked for at a time. */
#define PAGE_SIZE 100

struct _AcInvestigationListPage
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkStack *stack;
  GtkListBox *list_box;
  GtkWidget *more;
  AdwStatusPage *error_page;

  AcSession *session; /* nullable */
  GCancellable *cancellable;
  char *cursor; /* nullable: where the next page starts */
};

G_DEFINE_FINAL_TYPE (AcInvestigationListPage, ac_investigation_list_page, GTK_TYPE_WIDGET)

static void
clear (AcInvestigationListPage *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list_box))) != NULL)
    gtk_list_box_remove (self->list_box, row);
}

static void
show_page (AcInvestigationListPage *self, const AcInvestigationPage *page)
{
  for (guint i = 0; i < page->investigations->len; i++)
    gtk_list_box_append (self->list_box,
                         ac_investigation_row_new (g_ptr_array_index (page->investigations, i)));
  g_free (self->cursor);
  self->cursor = g_strdup (page->next_cursor);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "investigations.more", self->cursor != NULL);
  gtk_stack_set_visible_child_name (
      self->stack, gtk_list_box_get_row_at_index (self->list_box, 0) != NULL ? "list" : "empty");
}

static void
loaded (AcInvestigationListPage *self, GAsyncResult *result, AcApi *api, gboolean first)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AcInvestigationPage) page = ac_api_list_investigations_finish (api, result, &error);
  g_autofree char *escaped = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (page == NULL)
    {
      escaped = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (self->error_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "error");
      return;
    }
  if (first)
    clear (self);
  show_page (self, page);
}

static void
first_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcInvestigationListPage) self = user_data;

  loaded (self, result, AC_API (source_object), TRUE);
}

static void
next_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcInvestigationListPage) self = user_data;

  loaded (self, result, AC_API (source_object), FALSE);
}

static void
more_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcInvestigationListPage *self = AC_INVESTIGATION_LIST_PAGE (widget);
  AcApi *api = self->session != NULL ? ac_session_get_api (self->session) : NULL;

  gtk_widget_action_set_enabled (widget, "investigations.more", FALSE);
  if (api != NULL && self->cursor != NULL)
    ac_api_list_investigations_async (api, self->cursor, PAGE_SIZE, self->cancellable, next_cb,
                                      g_object_ref (self));
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_investigation_list_page_refresh (AC_INVESTIGATION_LIST_PAGE (widget));
}

static void
session_cb (AcInvestigationListPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    ac_investigation_list_page_refresh (self);
}

static void
ac_investigation_list_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ac_investigation_list_page_parent_class)->map (widget);
  ac_investigation_list_page_refresh (AC_INVESTIGATION_LIST_PAGE (widget));
}

static void
ac_investigation_list_page_dispose (GObject *object)
{
  AcInvestigationListPage *self = AC_INVESTIGATION_LIST_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->cursor, g_free);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_investigation_list_page_parent_class)->dispose (object);
}

static void
ac_investigation_list_page_class_init (AcInvestigationListPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_investigation_list_page_dispose;
  widget_class->map = ac_investigation_list_page_map;
  gtk_widget_class_set_template_from_resource (widget_class, AC_UI_RESOURCE_PATH
                                               "/ac-investigation-list-page.ui");
  ac_ui_bind_spinner (widget_class);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, box);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, list_box);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, more);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, error_page);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "investigations.more", NULL, more_action);
  gtk_widget_class_install_action (widget_class, "page.refresh", NULL, refresh_action);
}

static void
ac_investigation_list_page_init (AcInvestigationListPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "investigations.more", FALSE);
  g_object_bind_property (self->more, "sensitive", self->more, "visible", G_BINDING_SYNC_CREATE);
}

/**
 * ac_investigation_list_page_set_session:
 * @session: (nullable): where the investigations come from
 */
void
ac_investigation_list_page_set_session (AcInvestigationListPage *self, AcSession *session)
{
  g_return_if_fail (AC_IS_INVESTIGATION_LIST_PAGE (self));

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    g_signal_connect_swapped (session, "notify::source", G_CALLBACK (session_cb), self);
  session_cb (self);
}

/**
 * ac_investigation_list_page_refresh:
 *
 * Asks for the first page anew. What is shown stays until the answer is there.
 */
void
ac_investigation_list_page_refresh (AcInvestigationListPage *self)
{
  AcApi *api;

  g_return_if_fail (AC_IS_INVESTIGATION_LIST_PAGE (self));

  api = self->session != NULL ? ac_session_get_api (self->session) : NULL;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (api == NULL)
    {
      clear (self);
      gtk_stack_set_visible_child_name (self->stack, "disconnected");
      return;
    }
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "list") != 0)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  self->cancellable = g_cancellable_new ();
  ac_api_list_investigations_async (api, NULL, PAGE_SIZE, self->cancellable, first_cb,
                                    g_object_ref (self));
}
