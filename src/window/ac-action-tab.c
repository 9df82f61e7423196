/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "model/ac-time.h"
#include "window/ac-action-tab.h"
#include "window/ac-sync-banner.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"

struct _AcActionTab
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkLabel *loading_text;

  /* Made when they are first shown, for the window is to open quickly. */
  AcActionView *view;    /* nullable */
  AdwStatusPage *notice; /* nullable */
  GtkButton *remedy;     /* of the notice */

  AcSession *session;     /* nullable */
  AcActionList *list;     /* nullable until the tab is looked at */
  AcActionQuery *query;   /* what the list shows, or will show */
  AcTimeRange range;      /* where its bounds come from */
  AcColumnLayout *layout; /* of the view, or that it will have */
  gboolean active;
  gboolean was_empty; /* and known to be */
  gboolean single_letter_keys;
  char *wanted_id;    /* nullable: of the action to be selected once it is in the list */
  guint64 wanted_key; /* its key, or 0 as long as that is not known */
};

G_DEFINE_FINAL_TYPE (AcActionTab, ac_action_tab, GTK_TYPE_WIDGET)

enum
{
  LIST_CHANGED,
  QUERY_CHANGED,
  SELECTION_CHANGED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What the notice offers to do about it. */
typedef struct
{
  const char *icon_name;
  const char *title;
  const char *button; /* nullable */
  const char *action;
  gboolean suggested;
} Notice;

static void
make_notice (AcActionTab *self)
{
  self->notice = ADW_STATUS_PAGE (adw_status_page_new ());
  self->remedy = GTK_BUTTON (gtk_button_new ());
  gtk_widget_set_halign (GTK_WIDGET (self->remedy), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->remedy), "pill");
  adw_status_page_set_child (self->notice, GTK_WIDGET (self->remedy));
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->notice), "notice");
}

static void
show_notice (AcActionTab *self, const Notice *notice, const char *description)
{
  g_autofree char *escaped = g_markup_escape_text (description, -1);
  GtkWidget *button;

  if (self->notice == NULL)
    make_notice (self);
  button = GTK_WIDGET (self->remedy);
  adw_status_page_set_icon_name (self->notice, notice->icon_name);
  adw_status_page_set_title (self->notice, _ (notice->title));
  adw_status_page_set_description (self->notice, escaped);
  gtk_widget_set_visible (button, notice->button != NULL);
  if (notice->button != NULL)
    {
      gtk_button_set_label (self->remedy, _ (notice->button));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), notice->action);
    }
  if (notice->suggested)
    gtk_widget_add_css_class (button, "suggested-action");
  else
    gtk_widget_remove_css_class (button, "suggested-action");
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->notice));
}

/* Besides the search. */
static gboolean
has_filters (AcActionTab *self)
{
  g_autoptr (AcActionQuery) plain = ac_action_query_with_search (self->query, NULL);

  return ac_action_query_has_filters (plain);
}

static void
show_empty (AcActionTab *self)
{
  static const Notice nothing = { "ac-clean-symbolic", N_ ("No actions found"), NULL, NULL, FALSE };
  static const Notice not_found = { "edit-find-symbolic", N_ ("No actions found"),
                                    N_ ("Clear search"), "page.clear-search", FALSE };
  static const Notice filtered = { "edit-find-symbolic", N_ ("No actions found"),
                                   N_ ("Clear filters"), "page.clear-filters", FALSE };
  const char *search = ac_action_query_get_search (self->query);
  gboolean narrowed = has_filters (self);
  gint64 refreshed = ac_action_list_get_last_refreshed (self->list);
  g_autofree char *when = ac_time_text_clock (refreshed);
  g_autofree char *refreshed_text = NULL;
  g_autofree char *why = NULL;
  g_autofree char *description = NULL;

  if (refreshed != AC_TIME_NONE)
    /* Translators: a time */
    refreshed_text = g_strdup_printf (_ ("Last refreshed at %s."), when);
  if (narrowed)
    why = g_strdup (search != NULL ? _ ("Nothing here matches the search and the filters.")
                                   : _ ("Nothing here matches the filters."));
  else if (search != NULL)
    why = g_strdup_printf (_ ("Nothing here matches “%s”."), search);
  else if (ac_action_query_get_tab (self->query) == AC_TAB_PENDING)
    why = g_strdup (_ ("Nothing waits for a decision."));
  else
    why = g_strdup (_ ("Nothing has been decided yet."));
  description =
      refreshed_text != NULL ? g_strdup_printf ("%s\n%s", why, refreshed_text) : g_strdup (why);
  show_notice (self, narrowed ? &filtered : search != NULL ? &not_found : &nothing, description);
}

static void
show_error (AcActionTab *self, const char *message)
{
  static const Notice notice = { "ac-suspicious-symbolic", N_ ("The actions could not be loaded"),
                                 N_ ("Try again"), "page.refresh", TRUE };

  show_notice (self, &notice, message);
}

static void
show_loading (AcActionTab *self)
{
  AcActionSource *source = self->list != NULL ? ac_action_list_get_source (self->list) : NULL;
  g_autofree char *progress = source != NULL ? ac_sync_banner_dup_progress (source) : NULL;

  gtk_label_set_text (self->loading_text, progress != NULL ? progress : _ ("Loading actions…"));
  gtk_stack_set_visible_child_name (self->stack, "loading");
}

/* Whether it is known that there is nothing: an empty list is one that the service was asked for,
 * and not one that has not come yet. */
static gboolean
is_known (AcActionTab *self)
{
  AcActionSource *source = ac_action_list_get_source (self->list);
  gboolean syncing = FALSE;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (source), "syncing") != NULL)
    g_object_get (source, "syncing", &syncing, NULL);
  return !syncing && ac_action_list_get_last_refreshed (self->list) != AC_TIME_NONE;
}

static void
show_disconnected (AcActionTab *self)
{
  static const Notice notice = { "ac-offline-symbolic", N_ ("Not connected"), N_ ("Connect…"),
                                 "win.connection", TRUE };
  const char *message = self->session != NULL ? ac_session_get_message (self->session) : NULL;

  show_notice (self, &notice,
               message != NULL
                   ? message
                   : _ ("Tell Action Center which service to connect to, and who you are."));
}

static void
show_state (AcActionTab *self)
{
  AcActionSource *source = self->list != NULL ? ac_action_list_get_source (self->list) : NULL;
  AcSessionState state =
      self->session != NULL ? ac_session_get_state (self->session) : AC_SESSION_DISCONNECTED;

  if (state == AC_SESSION_DISCONNECTED || state == AC_SESSION_FAILED)
    show_disconnected (self);
  else if (self->list == NULL)
    show_loading (self);
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0)
    gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->view));
  else if (ac_action_list_get_error (self->list) != NULL)
    show_error (self, ac_action_list_get_error (self->list));
  else if (ac_action_list_get_loading (self->list))
    show_loading (self);
  else if (is_known (self))
    show_empty (self);
  else if (ac_action_source_get_offline_since (source) != AC_TIME_NONE)
    {
      g_autofree char *reason = ac_action_source_dup_offline_reason (source);

      show_error (self, reason != NULL ? reason : "");
    }
  else
    show_loading (self);
}

/**
 * ac_action_tab_update_state:
 *
 * Shows the list, or what there is to say instead.
 */
void
ac_action_tab_update_state (AcActionTab *self)
{
  gboolean was_empty;

  g_return_if_fail (AC_IS_ACTION_TAB (self));

  show_state (self);
  was_empty = self->was_empty;
  self->was_empty = ac_action_tab_is_empty (self);
  /* That all is loaded is news as well. */
  if (self->was_empty && !was_empty)
    g_signal_emit (self, signals[LIST_CHANGED], 0);
}

static void select_wanted (AcActionTab *self);
static void sort_cb (AcActionTab *self);

typedef struct
{
  AcActionTab *tab; /* owned */
  char *id;
} Finding;

static void
find_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  Finding *finding = user_data;
  g_autoptr (AcActionTab) self = finding->tab;
  g_autofree char *id = finding->id;
  AcActionSource *source = AC_ACTION_SOURCE (source_object);
  guint64 key;

  g_free (finding);
  if (!ac_action_source_find_key_finish (source, result, &key, NULL) || key == 0 ||
      self->list == NULL || source != ac_action_list_get_source (self->list) ||
      g_strcmp0 (id, self->wanted_id) != 0)
    return;
  self->wanted_key = key;
  select_wanted (self);
}

static void
select_wanted (AcActionTab *self)
{
  Finding *finding;
  guint position;

  if (self->wanted_id == NULL || self->list == NULL)
    return;
  if (self->wanted_key == 0)
    {
      finding = g_new0 (Finding, 1);
      finding->tab = g_object_ref (self);
      finding->id = g_strdup (self->wanted_id);
      ac_action_source_find_key_async (ac_action_list_get_source (self->list), self->wanted_id,
                                       NULL, find_cb, finding);
      return;
    }
  if (!ac_action_list_position_of_key (self->list, self->wanted_key, &position))
    return;
  g_clear_pointer (&self->wanted_id, g_free);
  ac_action_view_select_position (self->view, position);
}

static void
has_changed_cb (AcActionTab *self)
{
  ac_action_tab_update_state (self);
  g_signal_emit (self, signals[LIST_CHANGED], 0);
  select_wanted (self);
}

static void
drop_list (AcActionTab *self)
{
  if (self->view != NULL)
    ac_action_view_set_list (self->view, NULL);
  if (self->list != NULL)
    {
      g_signal_handlers_disconnect_by_data (ac_action_list_get_source (self->list), self);
      g_signal_handlers_disconnect_by_data (self->list, self);
    }
  g_clear_object (&self->list);
  self->wanted_key = 0;
}

static void
view_selection_changed_cb (AcActionTab *self, gboolean by_list)
{
  g_signal_emit (self, signals[SELECTION_CHANGED], 0, by_list);
}

static void
view_activated_cb (AcActionTab *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
ensure_view (AcActionTab *self)
{
  if (self->view != NULL)
    return;
  self->view = g_object_new (AC_TYPE_ACTION_VIEW, NULL);
  ac_action_view_set_single_letter_keys (self->view, self->single_letter_keys);
  ac_action_view_set_layout (self->view, self->layout);
  ac_action_view_set_sort (self->view, ac_action_query_get_sort (self->query),
                           ac_action_query_get_descending (self->query));
  g_signal_connect_object (self->view, "sort-changed", G_CALLBACK (sort_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "selection-changed", G_CALLBACK (view_selection_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "activated", G_CALLBACK (view_activated_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->view), "list");
}

/* The list is made when the tab is looked at, for it asks the service for every key. */
static void
ensure_list (AcActionTab *self)
{
  AcActionSource *source = self->session != NULL ? ac_session_get_source (self->session) : NULL;

  if (self->list != NULL && ac_action_list_get_source (self->list) != source)
    drop_list (self);
  if (self->list != NULL || source == NULL || !self->active)
    return;
  ensure_view (self);
  self->list = ac_action_list_new (source, self->query);
  ac_action_view_set_list (self->view, self->list);
  g_signal_connect_swapped (self->list, "notify", G_CALLBACK (ac_action_tab_update_state), self);
  g_signal_connect_swapped (self->list, "has-changed", G_CALLBACK (has_changed_cb), self);
  g_signal_connect_swapped (source, "notify", G_CALLBACK (ac_action_tab_update_state), self);
}

static void
session_cb (AcActionTab *self)
{
  ensure_list (self);
  if (self->active)
    ac_action_tab_update_state (self);
}

/* Takes @query over. */
static void
take_query (AcActionTab *self, AcActionQuery *query)
{
  g_autoptr (AcActionQuery) owned = query;

  if (ac_action_query_equal (self->query, owned))
    return;
  g_set_object (&self->query, owned);
  if (self->list != NULL)
    ac_action_list_set_query (self->list, owned);
  g_signal_emit (self, signals[QUERY_CHANGED], 0);
}

static void
sort_cb (AcActionTab *self)
{
  AcSort sort;
  gboolean descending;

  /* The columns that go with the window change the order, too. */
  if (self->stack == NULL)
    return;
  if (ac_action_view_get_sort (self->view, &sort, &descending))
    take_query (self, ac_action_query_with_sort (self->query, sort, descending));
}

static void
ac_action_tab_dispose (GObject *object)
{
  AcActionTab *self = AC_ACTION_TAB (object);

  drop_list (self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->query);
  g_clear_pointer (&self->layout, ac_column_layout_free);
  g_clear_pointer (&self->wanted_id, g_free);
  g_clear_pointer ((GtkWidget **)&self->stack, gtk_widget_unparent);
  self->view = NULL;
  G_OBJECT_CLASS (ac_action_tab_parent_class)->dispose (object);
}

static void
ac_action_tab_class_init (AcActionTabClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_action_tab_dispose;

  signals[LIST_CHANGED] = g_signal_new ("list-changed", AC_TYPE_ACTION_TAB, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[QUERY_CHANGED] = g_signal_new ("query-changed", AC_TYPE_ACTION_TAB, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SELECTION_CHANGED] =
      g_signal_new ("selection-changed", AC_TYPE_ACTION_TAB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[ACTIVATED] = g_signal_new ("activated", AC_TYPE_ACTION_TAB, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-action-tab.ui");
  ac_ui_bind_spinner (widget_class);
  gtk_widget_class_bind_template_child (widget_class, AcActionTab, stack);
  gtk_widget_class_bind_template_child (widget_class, AcActionTab, loading_text);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ac_action_tab_init (AcActionTab *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->query = ac_action_query_new (AC_TAB_PENDING);
  self->layout = ac_column_layout_new (AC_TAB_PENDING);
  self->range =
      (AcTimeRange){ .kind = AC_TIME_RANGE_ALL, .from = AC_TIME_NONE, .to = AC_TIME_NONE };
  self->single_letter_keys = TRUE;
}

/**
 * ac_action_tab_set_tab:
 *
 * Says which tab it is; called once, before anything else.
 */
void
ac_action_tab_set_tab (AcActionTab *self, AcTab tab)
{
  g_return_if_fail (AC_IS_ACTION_TAB (self));

  take_query (self, ac_action_query_with_tab (self->query, tab));
  ac_column_layout_free (self->layout);
  self->layout = ac_column_layout_new (tab);
}

AcTab
ac_action_tab_get_tab (AcActionTab *self)
{
  g_return_val_if_fail (AC_IS_ACTION_TAB (self), AC_TAB_ALL);

  return ac_action_query_get_tab (self->query);
}

/**
 * ac_action_tab_set_session:
 * @session: (nullable): where the actions come from
 */
void
ac_action_tab_set_session (AcActionTab *self, AcSession *session)
{
  g_return_if_fail (AC_IS_ACTION_TAB (self));

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      g_signal_connect_swapped (session, "notify::source", G_CALLBACK (session_cb), self);
      g_signal_connect_swapped (session, "notify::state", G_CALLBACK (session_cb), self);
    }
  session_cb (self);
}

/**
 * ac_action_tab_prepare:
 *
 * Makes the widgets of a tab that may be looked at next. The list stays unasked for.
 */
void
ac_action_tab_prepare (AcActionTab *self)
{
  g_return_if_fail (AC_IS_ACTION_TAB (self));

  ensure_view (self);
}

/**
 * ac_action_tab_set_active:
 *
 * Says whether the tab is looked at. What it takes to show a list is made the first time.
 */
void
ac_action_tab_set_active (AcActionTab *self, gboolean active)
{
  g_return_if_fail (AC_IS_ACTION_TAB (self));

  self->active = active;
  ensure_view (self);
  ensure_list (self);
  ac_action_tab_update_state (self);
}

/**
 * ac_action_tab_set_single_letter_keys:
 *
 * Says whether letters alone move and decide in the list.
 */
void
ac_action_tab_set_single_letter_keys (AcActionTab *self, gboolean enabled)
{
  g_return_if_fail (AC_IS_ACTION_TAB (self));

  self->single_letter_keys = enabled;
  if (self->view != NULL)
    ac_action_view_set_single_letter_keys (self->view, enabled);
}

/**
 * ac_action_tab_refresh_texts:
 *
 * Writes all rows anew, after a setting has changed how times are shown.
 */
void
ac_action_tab_refresh_texts (AcActionTab *self)
{
  g_return_if_fail (AC_IS_ACTION_TAB (self));

  if (self->view != NULL)
    ac_action_view_refresh_texts (self->view);
}

/**
 * ac_action_tab_set_search:
 * @text: (nullable): what to look for
 */
void
ac_action_tab_set_search (AcActionTab *self, const char *text)
{
  g_return_if_fail (AC_IS_ACTION_TAB (self));

  take_query (self, ac_action_query_with_search (self->query, text));
  if (self->list != NULL)
    ac_action_tab_update_state (self);
}

/**
 * ac_action_tab_get_query:
 *
 * Returns: (transfer none): what it shows, or will show.
 */
AcActionQuery *
ac_action_tab_get_query (AcActionTab *self)
{
  g_return_val_if_fail (AC_IS_ACTION_TAB (self), NULL);

  return self->query;
}

/**
 * ac_action_tab_get_source:
 *
 * Returns: (transfer none) (nullable): where the actions come from; %NULL without a connection.
 */
AcActionSource *
ac_action_tab_get_source (AcActionTab *self)
{
  g_return_val_if_fail (AC_IS_ACTION_TAB (self), NULL);

  return self->session != NULL ? ac_session_get_source (self->session) : NULL;
}

static void
show_query (AcActionTab *self, AcActionQuery *query)
{
  take_query (self, query);
  if (self->list != NULL)
    ac_action_tab_update_state (self);
}

/**
 * ac_action_tab_set_filter:
 * @values: (nullable) (array zero-terminated=1): as spelled on the wire; %NULL or empty: no filter
 */
void
ac_action_tab_set_filter (AcActionTab *self, AcFilter filter, const char *const *values)
{
  g_return_if_fail (AC_IS_ACTION_TAB (self));

  show_query (self, ac_action_query_with_filter (self->query, filter, values));
}

/**
 * ac_action_tab_set_query:
 * @query: its filters, search and order; the tab stays as it is, and times are those of the range
 */
void
ac_action_tab_set_query (AcActionTab *self, AcActionQuery *query)
{
  g_autoptr (AcActionQuery) here = NULL;

  g_return_if_fail (AC_IS_ACTION_TAB (self));
  g_return_if_fail (AC_IS_ACTION_QUERY (query));

  here = ac_action_query_with_tab (query, ac_action_tab_get_tab (self));
  show_query (self, ac_time_range_apply (&self->range, here, ac_time_now ()));
  if (self->view != NULL)
    ac_action_view_set_sort (self->view, ac_action_query_get_sort (self->query),
                             ac_action_query_get_descending (self->query));
}

/**
 * ac_action_tab_clear_filters:
 *
 * Shows the whole tab again. The search stays.
 */
void
ac_action_tab_clear_filters (AcActionTab *self)
{
  g_return_if_fail (AC_IS_ACTION_TAB (self));

  self->range =
      (AcTimeRange){ .kind = AC_TIME_RANGE_ALL, .from = AC_TIME_NONE, .to = AC_TIME_NONE };
  show_query (self, ac_action_query_without_filters (self->query));
}

/**
 * ac_action_tab_set_range:
 * @range: of the time of the last change
 */
void
ac_action_tab_set_range (AcActionTab *self, const AcTimeRange *range)
{
  g_return_if_fail (AC_IS_ACTION_TAB (self));
  g_return_if_fail (range != NULL);

  self->range = *range;
  show_query (self, ac_time_range_apply (&self->range, self->query, ac_time_now ()));
}

const AcTimeRange *
ac_action_tab_get_range (AcActionTab *self)
{
  g_return_val_if_fail (AC_IS_ACTION_TAB (self), NULL);

  return &self->range;
}

/**
 * ac_action_tab_set_layout:
 * @layout: of the columns
 */
void
ac_action_tab_set_layout (AcActionTab *self, const AcColumnLayout *layout)
{
  AcColumnLayout *copy;

  g_return_if_fail (AC_IS_ACTION_TAB (self));
  g_return_if_fail (layout != NULL);

  copy = ac_column_layout_copy (layout);
  ac_column_layout_free (self->layout);
  self->layout = copy;
  if (self->view == NULL)
    return;
  ac_action_view_set_layout (self->view, copy);
  ac_action_view_set_sort (self->view, ac_action_query_get_sort (self->query),
                           ac_action_query_get_descending (self->query));
}

/**
 * ac_action_tab_dup_layout:
 *
 * Returns: (transfer full): the columns as they are now.
 */
AcColumnLayout *
ac_action_tab_dup_layout (AcActionTab *self)
{
  AcColumnLayout *layout;

  g_return_val_if_fail (AC_IS_ACTION_TAB (self), NULL);

  layout = self->view != NULL ? ac_action_view_get_layout (self->view) : NULL;
  return layout != NULL ? layout : ac_column_layout_copy (self->layout);
}

/**
 * ac_action_tab_set_sort_key:
 * @sort_key: as the service spells it, with "-" in front for descending; what it does not know is
 *   ignored
 */
void
ac_action_tab_set_sort_key (AcActionTab *self, const char *sort_key)
{
  g_return_if_fail (AC_IS_ACTION_TAB (self));

  take_query (self, ac_action_query_with_sort_key (self->query, sort_key));
  if (self->view != NULL)
    ac_action_view_set_sort (self->view, ac_action_query_get_sort (self->query),
                             ac_action_query_get_descending (self->query));
}

/**
 * ac_action_tab_dup_sort_key:
 *
 * Returns: (transfer full): how it is sorted, to be kept.
 */
char *
ac_action_tab_dup_sort_key (AcActionTab *self)
{
  g_return_val_if_fail (AC_IS_ACTION_TAB (self), NULL);

  return g_strconcat (ac_action_query_get_descending (self->query) ? "-" : "",
                      ac_sort_wire (ac_action_query_get_sort (self->query)), NULL);
}

/**
 * ac_action_tab_select:
 * @id: (nullable): of an action; %NULL: of none any more
 *
 * Selects it, now or once it is in the list.
 */
void
ac_action_tab_select (AcActionTab *self, const char *id)
{
  g_autofree char *wanted = g_strdup (id);

  g_return_if_fail (AC_IS_ACTION_TAB (self));

  g_free (self->wanted_id);
  self->wanted_id = g_steal_pointer (&wanted);
  self->wanted_key = 0;
  select_wanted (self);
}

/**
 * ac_action_tab_awaits:
 *
 * Returns: whether that action is to be selected and not in the list yet.
 */
gboolean
ac_action_tab_awaits (AcActionTab *self, const char *id)
{
  g_return_val_if_fail (AC_IS_ACTION_TAB (self), FALSE);

  return self->wanted_id != NULL && g_strcmp0 (self->wanted_id, id) == 0;
}

/**
 * ac_action_tab_get_view:
 *
 * Returns: (transfer none) (nullable): once the tab was looked at.
 */
AcActionView *
ac_action_tab_get_view (AcActionTab *self)
{
  g_return_val_if_fail (AC_IS_ACTION_TAB (self), NULL);

  return self->view;
}

/**
 * ac_action_tab_get_list:
 *
 * Returns: (transfer none) (nullable): once there is a connection and the tab was looked at.
 */
AcActionList *
ac_action_tab_get_list (AcActionTab *self)
{
  g_return_val_if_fail (AC_IS_ACTION_TAB (self), NULL);

  return self->list;
}

/**
 * ac_action_tab_is_empty:
 *
 * Returns: whether it is known that there is nothing to show: all is loaded.
 */
gboolean
ac_action_tab_is_empty (AcActionTab *self)
{
  g_return_val_if_fail (AC_IS_ACTION_TAB (self), FALSE);

  return self->list != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0 &&
         ac_action_list_get_error (self->list) == NULL &&
         !ac_action_list_get_loading (self->list) && is_known (self);
}
