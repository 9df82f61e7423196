/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/ac-investigation-list.h"
#include "model/ac-investigation-state.h"
#include "model/ac-time.h"
#include "window/ac-accessible.h"
#include "window/ac-adaptive-bin.h"
#include "window/ac-facet-button.h"
#include "window/ac-investigation-columns.h"
#include "window/ac-investigation-list-page.h"
#include "window/ac-scroll-start.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

/* So many rows before the end, more are asked for. */
#define ROWS_AHEAD 30

struct _AcInvestigationListPage
{
  GtkWidget parent_instance;

  AcAdaptiveBin *bin;
  GtkStack *stack;
  GtkColumnView *view;
  GtkAdjustment *adjustment;
  GtkLabel *count;
  GtkLabel *refreshed;
  GtkWidget *notice;
  GtkLabel *notice_text;
  GtkEditable *search_entry;
  GtkBox *bar;
  GtkBox *filters;
  GtkDropDown *period;
  AcFacetButton *status;
  AcFacetButton *threat;
  AcFacetButton *trigger;
  GtkWidget *clear_button;
  AdwStatusPage *error_page;
  AdwStatusPage *empty_page;

  AcSession *session;     /* nullable */
  AcActionSource *source; /* nullable: whose changes are followed */
  AcInvestigationList *list;
  gboolean clearing;
};

G_DEFINE_FINAL_TYPE (AcInvestigationListPage, ac_investigation_list_page, GTK_TYPE_WIDGET)

/* The days of each choice of the period, in the order of the template; 0: any time. */
static const int periods[] = { 0, 1, 7, 30, 182 };

/* --- what is asked for --- */

static void
ask (AcInvestigationListPage *self)
{
  g_autoptr (AcInvestigationQuery) query = NULL;
  guint period;
  int days;

  /* The template speaks before all is there. */
  if (self->clearing || self->list == NULL)
    return;
  query = ac_investigation_query_new ();
  period = gtk_drop_down_get_selected (self->period);
  days = period < G_N_ELEMENTS (periods) ? periods[period] : 0;
  query->statuses = ac_facet_button_get_chosen (self->status);
  query->threats = ac_facet_button_get_chosen (self->threat);
  query->triggers = ac_facet_button_get_chosen (self->trigger);
  query->text = g_strdup (gtk_editable_get_text (self->search_entry));
  query->sort = ac_investigation_columns_get_sort (self->view);
  if (days > 0)
    query->created_after = ac_time_now () - days * G_TIME_SPAN_DAY;
  ac_investigation_list_set_query (self->list, query);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "investigations.clear",
                                 ac_investigation_query_is_filtered (query));
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcInvestigationListPage *self = AC_INVESTIGATION_LIST_PAGE (widget);

  self->clearing = TRUE;
  ac_facet_button_clear (self->status);
  ac_facet_button_clear (self->threat);
  ac_facet_button_clear (self->trigger);
  gtk_editable_set_text (self->search_entry, "");
  gtk_drop_down_set_selected (self->period, 0);
  self->clearing = FALSE;
  ask (self);
}

static void
stop_search_cb (AcInvestigationListPage *self)
{
  gtk_editable_set_text (self->search_entry, "");
}

/* --- what is shown --- */

static JsonObject *
get_facet (AcInvestigationListPage *self, const char *name)
{
  JsonObject *facets = ac_investigation_list_get_facets (self->list);

  return facets != NULL ? ac_json_get_object (facets, name) : NULL;
}

static void
show_times (AcInvestigationListPage *self)
{
  gint64 at = ac_investigation_list_get_last_refreshed (self->list);
  g_autofree char *clock = ac_time_text_clock (at);
  g_autofree char *text = NULL;

  if (at != AC_TIME_NONE)
    /* Translators: when the list was last known to be the state of the service */
    text = g_strdup_printf (_ ("Refreshed %s"), clock);
  gtk_label_set_text (self->refreshed, text != NULL ? text : "");
  adw_status_page_set_description (self->empty_page, text);
}

static void
show_count (AcInvestigationListPage *self)
{
  guint64 total = ac_investigation_list_get_total (self->list);
  g_autofree char *number = ac_wording_number (total);
  g_autofree char *text =
      g_strdup_printf (ngettext ("%s investigation", "%s investigations", (gulong)total), number);
  const char *refreshed = gtk_label_get_text (self->refreshed);
  g_autofree char *both = NULL;

  /* Where the title needs the room, the time stands here. */
  if (!gtk_widget_get_visible (GTK_WIDGET (self->refreshed)) && *refreshed != '\0')
    both = g_strdup_printf (_ ("%1$s · %2$s"), text, refreshed);
  gtk_label_set_text (self->count, both != NULL ? both : text);
}

/* A failure keeps the old list and says so. */
static void
show_failure (AcInvestigationListPage *self)
{
  const char *message = ac_investigation_list_get_error_message (self->list);
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;

  if (message != NULL)
    {
      text = g_strdup_printf (_ ("This may be out of date. %s"), message);
      escaped = g_markup_escape_text (message, -1);
      adw_status_page_set_description (self->error_page, escaped);
    }
  gtk_label_set_text (self->notice_text, text != NULL ? text : "");
  gtk_widget_set_visible (
      self->notice, message != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0);
}

static void
show_page (AcInvestigationListPage *self)
{
  gboolean filtered =
      ac_investigation_query_is_filtered (ac_investigation_list_get_query (self->list));
  const char *page = "list";

  if (self->session == NULL || ac_session_get_api (self->session) == NULL)
    page = "disconnected";
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0)
    page = "list";
  else if (ac_investigation_list_get_error_message (self->list) != NULL)
    page = "error";
  else if (ac_investigation_list_get_last_refreshed (self->list) == AC_TIME_NONE)
    page = "loading";
  else
    page = "empty";
  adw_status_page_set_title (self->empty_page,
                             filtered ? _ ("No investigations match") : _ ("No investigations"));
  gtk_widget_set_visible (self->clear_button, filtered);
  gtk_stack_set_visible_child_name (self->stack, page);
}

static void load_ahead (AcInvestigationListPage *self);

static void
loaded_cb (AcInvestigationListPage *self)
{
  ac_facet_button_set_counts (self->status, get_facet (self, "status"));
  ac_facet_button_set_counts (self->threat, get_facet (self, "threat"));
  ac_facet_button_set_counts (self->trigger, get_facet (self, "trigger"));
  show_times (self);
  show_count (self);
  show_failure (self);
  show_page (self);
  load_ahead (self);
}

static void
load_ahead (AcInvestigationListPage *self)
{
  double below;
  double row;
  guint n;

  if (self->list == NULL || self->adjustment == NULL)
    return;
  below = gtk_adjustment_get_upper (self->adjustment) -
          gtk_adjustment_get_value (self->adjustment) -
          gtk_adjustment_get_page_size (self->adjustment);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  row = n > 0 ? gtk_adjustment_get_upper (self->adjustment) / n : 0;

  if (ac_investigation_list_has_more (self->list) && below < ROWS_AHEAD * row &&
      ac_investigation_list_get_error_message (self->list) == NULL)
    ac_investigation_list_load_more (self->list);
}

static void
activate_cb (AcInvestigationListPage *self, guint position)
{
  g_autoptr (AcInvestigation) investigation =
      g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (investigation != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-investigation", "s",
                                ac_investigation_get_id (investigation));
}

static void
width_cb (AcInvestigationListPage *self)
{
  int width = ac_adaptive_bin_get_available_width (self->bin);

  ac_investigation_columns_fit (self->view, width);
  gtk_widget_set_visible (GTK_WIDGET (self->refreshed), width >= 500);
  if (self->list != NULL)
    show_count (self);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->bar), width < 900
                                                                  ? GTK_ORIENTATION_VERTICAL
                                                                  : GTK_ORIENTATION_HORIZONTAL);
}

/* --- where it comes from --- */

static void
changed_cb (AcInvestigationListPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    ac_investigation_list_refresh (self->list);
}

static void
forget_source (AcInvestigationListPage *self)
{
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_clear_object (&self->source);
}

static void
session_cb (AcInvestigationListPage *self)
{
  AcActionSource *source = self->session != NULL ? ac_session_get_source (self->session) : NULL;

  if (source != self->source)
    {
      forget_source (self);
      if (source != NULL)
        {
          self->source = g_object_ref (source);
          g_signal_connect_object (source, "investigations-changed", G_CALLBACK (changed_cb), self,
                                   G_CONNECT_SWAPPED);
        }
    }
  ac_investigation_list_set_api (self->list,
                                 self->session != NULL ? ac_session_get_api (self->session) : NULL);
  show_page (self);
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_investigation_list_page_refresh (AC_INVESTIGATION_LIST_PAGE (widget));
}

static void
ac_investigation_list_page_map (GtkWidget *widget)
{
  AcInvestigationListPage *self = AC_INVESTIGATION_LIST_PAGE (widget);

  GTK_WIDGET_CLASS (ac_investigation_list_page_parent_class)->map (widget);
  if (!ac_investigation_list_get_loading (self->list))
    ac_investigation_list_page_refresh (self);
}

static void
ac_investigation_list_page_dispose (GObject *object)
{
  AcInvestigationListPage *self = AC_INVESTIGATION_LIST_PAGE (object);

  forget_source (self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  if (self->list != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->list, self);
      ac_investigation_list_set_api (self->list, NULL);
    }
  g_clear_object (&self->list);
  g_clear_pointer ((GtkWidget **)&self->bin, gtk_widget_unparent);
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
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, bin);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, view);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, adjustment);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, count);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, refreshed);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, notice);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, notice_text);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, bar);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, filters);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, period);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, clear_button);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, AcInvestigationListPage, empty_page);
  gtk_widget_class_bind_template_callback (widget_class, ask);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, load_ahead);
  gtk_widget_class_bind_template_callback (widget_class, width_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "investigations.clear", NULL, clear_action);
  gtk_widget_class_install_action (widget_class, "page.refresh", NULL, refresh_action);
}

static const char *
threat_label (const char *value)
{
  return value;
}

static AcFacetButton *
add_facet (AcInvestigationListPage *self, const char *title, AcFacetLabel label)
{
  GtkWidget *button = ac_facet_button_new (title, label);

  gtk_box_append (self->filters, button);
  g_signal_connect_object (button, "chosen", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  return AC_FACET_BUTTON (button);
}

static void
ac_investigation_list_page_init (AcInvestigationListPage *self)
{
  g_autoptr (GtkSelectionModel) selection = NULL;

  g_type_ensure (AC_TYPE_ADAPTIVE_BIN);
  gtk_widget_init_template (GTK_WIDGET (self));
  ac_scroll_start_show (GTK_WIDGET (self->view));
  ac_scroll_start_show (GTK_WIDGET (self->filters));
  self->status = add_facet (self, _ ("Status"), ac_investigation_state_label);
  self->threat = add_facet (self, _ ("Threat"), threat_label);
  self->trigger = add_facet (self, _ ("Trigger"), threat_label);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "investigations.clear", FALSE);

  self->list = ac_investigation_list_new ();
  g_signal_connect_swapped (self->list, "loaded", G_CALLBACK (loaded_cb), self);
  selection =
      GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->list))));
  gtk_single_selection_set_autoselect (GTK_SINGLE_SELECTION (selection), FALSE);
  gtk_single_selection_set_can_unselect (GTK_SINGLE_SELECTION (selection), TRUE);
  ac_investigation_columns_add (self->view);
  ac_accessible_name_view (self->view, _ ("Investigations"));
  ac_accessible_name_choice (GTK_WIDGET (self->period), _ ("Creation time"));
  gtk_column_view_set_model (self->view, selection);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (ask),
                           self, G_CONNECT_SWAPPED);
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
 * Asks for what is shown anew. It stays until the answer is there.
 */
void
ac_investigation_list_page_refresh (AcInvestigationListPage *self)
{
  g_return_if_fail (AC_IS_INVESTIGATION_LIST_PAGE (self));

  ac_investigation_list_refresh (self->list);
  show_page (self);
}
