/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-list-status.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcListStatus
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkLabel *shown;    /* where nothing is selected */
  GtkLabel *selected; /* where something is, and beside it: */
  GtkLabel *shown_too;

  AcActionTab *tab; /* nullable; owned */
  AcCounts *counts; /* nullable; owned */
};

G_DEFINE_FINAL_TYPE (AcListStatus, ac_list_status, GTK_TYPE_WIDGET)

/* How many actions there are under the tab; -1: not known. */
static gint64
get_all (AcListStatus *self)
{
  if (self->counts == NULL)
    return -1;
  return ac_action_tab_get_tab (self->tab) == AC_TAB_PENDING ? ac_counts_get_pending (self->counts)
                                                             : ac_counts_get_history (self->counts);
}

static char *
dup_text (AcListStatus *self)
{
  AcActionList *list = self->tab != NULL ? ac_action_tab_get_list (self->tab) : NULL;
  guint64 n_shown = list != NULL ? ac_action_list_get_total (list) : 0;
  gint64 n_all = list != NULL ? get_all (self) : -1;
  g_autofree char *number = ac_wording_number (n_shown);
  g_autofree char *all = NULL;

  if (list == NULL)
    return g_strdup ("");
  if (!ac_action_query_has_filters (ac_action_tab_get_query (self->tab)) || n_all < 0)
    return ac_wording_actions (n_shown);
  /* What has just come may be in the list and not yet in the count. */
  all = ac_wording_actions (MAX (n_shown, (guint64)n_all));
  /* Translators: how many actions a search or the filters let through of how many there are, which is a
   * text such as “120 actions” */
  return g_strdup_printf (C_ ("found", "%1$s of %2$s"), number, all);
}

static void
update (AcListStatus *self)
{
  g_autofree char *text = dup_text (self);

  gtk_label_set_text (self->shown, text);
  gtk_label_set_text (self->shown_too, text);
}

static void
ac_list_status_dispose (GObject *object)
{
  AcListStatus *self = AC_LIST_STATUS (object);

  if (self->tab != NULL)
    g_signal_handlers_disconnect_by_data (self->tab, self);
  g_clear_object (&self->tab);
  g_clear_object (&self->counts);
  g_clear_pointer ((GtkWidget **)&self->stack, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_list_status_parent_class)->dispose (object);
}

static void
ac_list_status_class_init (AcListStatusClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_list_status_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-list-status.ui");
  gtk_widget_class_bind_template_child (widget_class, AcListStatus, stack);
  gtk_widget_class_bind_template_child (widget_class, AcListStatus, shown);
  gtk_widget_class_bind_template_child (widget_class, AcListStatus, selected);
  gtk_widget_class_bind_template_child (widget_class, AcListStatus, shown_too);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "liststatus");
}

static void
ac_list_status_init (AcListStatus *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_list_status_set_tab:
 * @tab: whose list it tells of
 */
void
ac_list_status_set_tab (AcListStatus *self, AcActionTab *tab)
{
  g_return_if_fail (AC_IS_LIST_STATUS (self));
  g_return_if_fail (AC_IS_ACTION_TAB (tab));

  if (self->tab == tab)
    return;
  if (self->tab != NULL)
    g_signal_handlers_disconnect_by_data (self->tab, self);
  g_set_object (&self->tab, tab);
  g_signal_connect_swapped (tab, "query-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (tab, "list-changed", G_CALLBACK (update), self);
  update (self);
}

/**
 * ac_list_status_set_counts:
 * @counts: (nullable): how many there are
 *
 * Called again whenever they change.
 */
void
ac_list_status_set_counts (AcListStatus *self, AcCounts *counts)
{
  g_return_if_fail (AC_IS_LIST_STATUS (self));

  g_set_object (&self->counts, counts);
  update (self);
}

/**
 * ac_list_status_set_selected:
 * @n_selected: of what can be decided from here; 0: nothing is, or the details are open
 */
void
ac_list_status_set_selected (AcListStatus *self, guint64 n_selected)
{
  g_autofree char *number = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (AC_IS_LIST_STATUS (self));

  if (n_selected > 0)
    {
      number = ac_wording_number (n_selected);
      /* Translators: a number of actions */
      text = g_strdup_printf (_ ("%s selected"), number);
      gtk_label_set_text (self->selected, text);
    }
  gtk_stack_set_visible_child_name (self->stack, n_selected > 0 ? "selected" : "shown");
}

/**
 * ac_list_status_set_narrow:
 *
 * Says whether there is room for more than what is selected.
 */
void
ac_list_status_set_narrow (AcListStatus *self, gboolean narrow)
{
  g_return_if_fail (AC_IS_LIST_STATUS (self));

  gtk_widget_set_visible (GTK_WIDGET (self->shown_too), !narrow);
}
