/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/ac-message-search.h"
#include "model/ac-time.h"
#include "window/ac-accessible.h"
#include "window/ac-adaptive-bin.h"
#include "window/ac-compat.h"
#include "window/ac-explorer-page.h"
#include "window/ac-message-columns.h"
#include "window/ac-scroll-start.h"
#include "window/ac-submission-window.h"
#include "window/ac-take-action-window.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

#define NARROW 640

struct _AcExplorerPage
{
  GtkWidget parent_instance;

  AcAdaptiveBin *bin;
  GtkFlowBox *common_fields;
  GtkFlowBox *more_fields;
  GtkFlowBox *buttons;
  GtkEntry *sender;
  GtkEntry *subject;
  GtkEntry *recipient;
  GtkEntry *mailboxes;
  GtkExpander *criteria;
  GtkExpander *more;
  GtkEntry *message_id;
  GtkEntry *url;
  GtkEntry *sha256;
  GtkEntry *received_from;
  GtkEntry *received_to;
  GtkCheckButton *whole_subject;
  GtkLabel *form_error;
  GtkWidget *progress_box;
  GtkSpinner *spinner;
  GtkLabel *progress;
  GtkExpander *trouble;
  GtkLabel *trouble_list;
  GtkStack *stack;
  AdwStatusPage *error_page;
  GtkColumnView *view;
  GtkLabel *details;
  GtkLabel *selected;

  AcSession *session;           /* nullable */
  AcMessageSearch *search;      /* nullable: nothing was searched yet */
  AcApi *search_api;            /* not owned, only compared: with which it was asked */
  GtkMultiSelection *selection; /* of the search; nullable */
};

G_DEFINE_FINAL_TYPE (AcExplorerPage, ac_explorer_page, GTK_TYPE_WIDGET)

/* --- the form --- */

static char *
get_text (GtkEntry *entry)
{
  char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  if (*text != '\0')
    return text;
  g_free (text);
  return NULL;
}

static void
set_text (GtkEntry *entry, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), text != NULL ? text : "");
}

static void
set_form_error (AcExplorerPage *self, const char *text)
{
  gtk_label_set_text (self->form_error, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->form_error), text != NULL);
  if (text != NULL)
    ac_compat_announce (GTK_WIDGET (self), text);
}

/* A day of the person's calendar; *time stays AC_TIME_NONE where none was entered. */
static gboolean
read_day (GtkEntry *entry, int days_later, gint64 *time)
{
  g_autofree char *text = get_text (entry);
  g_autoptr (GDateTime) day = NULL;
  g_autoptr (GDateTime) moment = NULL;
  int year, month, date;
  char rest;

  *time = AC_TIME_NONE;
  if (text == NULL)
    return TRUE;
  if (sscanf (text, "%4d-%2d-%2d%c", &year, &month, &date, &rest) != 3)
    return FALSE;
  day = g_date_time_new_local (year, month, date, 0, 0, 0);
  if (day == NULL)
    return FALSE;
  moment = g_date_time_add_days (day, days_later);
  *time = g_date_time_to_unix (moment) * G_USEC_PER_SEC;
  return TRUE;
}

static GStrv
read_mailboxes (AcExplorerPage *self)
{
  g_autofree char *text = get_text (self->mailboxes);
  g_auto (GStrv) parts = text != NULL ? g_strsplit_set (text, ",; ", -1) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = 0;

  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      {
        g_strv_builder_add (builder, parts[i]);
        n++;
      }
  return n > 0 ? g_strv_builder_end (builder) : NULL;
}

static gboolean
read_form (AcExplorerPage *self, AcMailQuery *query, GError **error)
{
  g_autofree char *sender = get_text (self->sender);
  char **subject =
      gtk_check_button_get_active (self->whole_subject) ? &query->subject : &query->subject_part;

  if (sender != NULL && strchr (sender, '@') > sender)
    query->sender = g_steal_pointer (&sender);
  else if (sender != NULL)
    query->sender_domain = g_strdup (sender + (*sender == '@'));
  *subject = get_text (self->subject);
  query->recipient = get_text (self->recipient);
  query->mailboxes = read_mailboxes (self);
  query->message_id = get_text (self->message_id);
  query->url = get_text (self->url);
  query->attachment_sha256 = get_text (self->sha256);
  if (!read_day (self->received_from, 0, &query->received_after) ||
      !read_day (self->received_to, 1, &query->received_before))
    {
      g_set_error_literal (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                           _ ("A day is entered as year, month and day: 2026-01-31."));
      return FALSE;
    }
  return TRUE;
}

/* In the words of the form, and not in those of the API. */
static const char *
check_query (const AcMailQuery *query)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *member = NULL;

  if (ac_mail_query_check (query, &error))
    return NULL;
  member = ac_model_error_member (error);
  if (g_strcmp0 (member, "recipient") == 0)
    return _ ("The recipient must be an address, such as name@example.org.");
  if (g_strcmp0 (member, "attachmentSha256") == 0)
    return _ ("A SHA-256 has 64 hexadecimal digits.");
  if (g_strcmp0 (member, "receivedBefore") == 0)
    return _ ("The last day must not be before the first.");
  if (query->sender == NULL && query->sender_domain == NULL)
    return _ ("Say what to look for first.");
  return _ ("The sender must be an address, such as name@example.org, or a domain.");
}

static void
changed_cb (AcExplorerPage *self)
{
  set_form_error (self, NULL);
}

static void
activate_cb (AcExplorerPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "explorer.search", NULL);
}

/* --- what was found --- */

static gboolean
is_running (AcExplorerPage *self)
{
  return self->search != NULL &&
         ac_message_search_get_state (self->search) == AC_MESSAGE_SEARCH_RUNNING;
}

static guint
n_found (AcExplorerPage *self)
{
  return self->search != NULL
             ? g_list_model_get_n_items (ac_message_search_get_messages (self->search))
             : 0;
}

/* (transfer full) (element-type AcFoundMessage) */
static GPtrArray *
get_selected (AcExplorerPage *self)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GtkBitset) bits = NULL;
  GtkBitsetIter iter;
  guint position;
  gboolean more;

  if (self->selection == NULL)
    return g_steal_pointer (&messages);
  bits = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  for (more = gtk_bitset_iter_init_first (&iter, bits, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    g_ptr_array_add (messages, g_list_model_get_item (G_LIST_MODEL (self->selection), position));
  return g_steal_pointer (&messages);
}

static void
add_line (GString *text, const char *title, const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "", title, value);
}

static void
show_details (AcExplorerPage *self, GPtrArray *messages)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (messages->len == 1)
    {
      AcFoundMessage *message = messages->pdata[0];

      add_line (text, _ ("Message-ID"), ac_found_message_get_message_id (message));
      add_line (text, _ ("Sender"), ac_found_message_get_sender (message));
      add_line (text, _ ("Recipients"), ac_found_message_get_recipients (message));
      add_line (text, _ ("Folder"), ac_found_message_get_folder (message));
      add_line (text, _ ("Attachments"), ac_found_message_get_attachments (message));
    }
  gtk_label_set_text (self->details, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->details), text->len > 0);
}

static void
selection_cb (AcExplorerPage *self)
{
  g_autoptr (GPtrArray) messages = get_selected (self);
  g_autofree char *of = ac_wording_messages (n_found (self));
  g_autofree char *text = NULL;

  /* Translators: how many of how many messages (which is a text such as “12 messages”) */
  text = g_strdup_printf (_ ("%1$u of %2$s selected"), messages->len, of);
  gtk_label_set_text (self->selected, text);
  show_details (self, messages);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explorer.take-action",
                                 messages->len > 0 && self->session != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explorer.report",
                                 messages->len == 1 &&
                                     ac_found_message_get_message_id (messages->pdata[0]) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explorer.select-all", n_found (self) > 0);
}

static void
show_trouble (AcExplorerPage *self)
{
  GPtrArray *failed = ac_message_search_get_failed (self->search);
  GPtrArray *cut = ac_message_search_get_cut (self->search);
  g_autoptr (GString) list = g_string_new (NULL);
  g_autofree char *title = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->trouble), failed->len + cut->len > 0);
  if (failed->len + cut->len == 0)
    return;
  title = g_strdup_printf (ngettext ("%u mailbox was not searched to its end",
                                     "%u mailboxes were not searched to their end",
                                     failed->len + cut->len),
                           failed->len + cut->len);
  gtk_expander_set_label (self->trouble, title);
  for (guint i = 0; i < failed->len; i++)
    g_string_append_printf (list, "%s%s", list->len > 0 ? "\n" : "", (char *)failed->pdata[i]);
  for (guint i = 0; i < cut->len; i++)
    {
      g_string_append (list, list->len > 0 ? "\n" : "");
      g_string_append_printf (
          list, _ ("%s: it holds more than 1,000 such messages; the newest are shown"),
          (char *)cut->pdata[i]);
    }
  gtk_label_set_text (self->trouble_list, list->str);
}

static char *
progress_words (AcExplorerPage *self)
{
  g_autofree char *found = ac_wording_messages (n_found (self));
  g_autofree char *searched = ac_wording_number (ac_message_search_get_searched (self->search));
  g_autofree char *all = ac_wording_mailboxes (ac_message_search_get_mailboxes (self->search));

  switch (ac_message_search_get_state (self->search))
    {
    case AC_MESSAGE_SEARCH_FINISHED:
      /* Translators: “12 messages found in 500 mailboxes” */
      return g_strdup_printf (_ ("%1$s found in %2$s"), found, all);
    case AC_MESSAGE_SEARCH_STOPPED:
      return g_strdup_printf (_ ("Stopped: %1$s found in the first %2$s of %3$s"), found, searched,
                              all);
    case AC_MESSAGE_SEARCH_FULL:
      return g_strdup_printf (_ ("%1$s found in the first %2$s of %3$s. There may be more: narrow "
                                 "the search."),
                              found, searched, all);
    case AC_MESSAGE_SEARCH_FAILED:
      return g_strdup_printf (_ ("%1$s found before it failed: %2$s"), found,
                              ac_message_search_get_message (self->search));
    case AC_MESSAGE_SEARCH_NEW:
    case AC_MESSAGE_SEARCH_RUNNING:
    default:
      if (ac_message_search_get_mailboxes (self->search) == 0)
        return g_strdup (_ ("Searching…"));
      return g_strdup_printf (_ ("Searching: %1$s found in %2$s of %3$s so far"), found, searched,
                              all);
    }
}

static const char *
page_name (AcExplorerPage *self)
{
  if (self->session == NULL || ac_session_get_api (self->session) == NULL)
    return "disconnected";
  if (self->search == NULL)
    return "first";
  if (n_found (self) > 0)
    return "list";
  switch (ac_message_search_get_state (self->search))
    {
    case AC_MESSAGE_SEARCH_FAILED:
      return "error";
    case AC_MESSAGE_SEARCH_FINISHED:
    case AC_MESSAGE_SEARCH_STOPPED:
    case AC_MESSAGE_SEARCH_FULL:
      return "empty";
    case AC_MESSAGE_SEARCH_NEW:
    case AC_MESSAGE_SEARCH_RUNNING:
    default:
      return "searching";
    }
}

static void
update (AcExplorerPage *self)
{
  const char *page = page_name (self);
  gboolean running = is_running (self);

  if (self->search != NULL)
    {
      g_autofree char *words = progress_words (self);

      gtk_label_set_text (self->progress, words);
      show_trouble (self);
      if (ac_message_search_get_message (self->search) != NULL)
        {
          g_autofree char *escaped =
              g_markup_escape_text (ac_message_search_get_message (self->search), -1);

          adw_status_page_set_description (self->error_page, escaped);
        }
    }
  gtk_widget_set_visible (self->progress_box, self->search != NULL && strcmp (page, "error") != 0 &&
                                                  strcmp (page, "disconnected") != 0);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), running);
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explorer.stop", running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explorer.search",
                                 strcmp (page, "disconnected") != 0);
  selection_cb (self);
}

static void
drop_search (AcExplorerPage *self)
{
  gtk_column_view_set_model (self->view, NULL);
  if (self->search != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->search, self);
      ac_message_search_stop (self->search);
    }
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->search);
}

/* A small window has no room for both the criteria and what was found. */
static void
make_room (AcExplorerPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (gtk_widget_get_width (GTK_WIDGET (self)) >= NARROW || root == NULL)
    return;
  /* The keyboard must not be in what is taken away. */
  if (gtk_widget_get_focus_child (GTK_WIDGET (self->criteria)) != NULL)
    gtk_root_set_focus (root, NULL);
  gtk_expander_set_expanded (self->criteria, FALSE);
}

static void
start (AcExplorerPage *self, const AcMailQuery *query)
{
  AcApi *api = self->session != NULL ? ac_session_get_api (self->session) : NULL;
  GtkSorter *sorter = gtk_column_view_get_sorter (self->view);
  GtkSortListModel *sorted;

  drop_search (self);
  self->search_api = api;
  if (api != NULL)
    {
      self->search = ac_message_search_new (api, query);
      sorted = gtk_sort_list_model_new (
          g_object_ref (ac_message_search_get_messages (self->search)), g_object_ref (sorter));
      self->selection = gtk_multi_selection_new (G_LIST_MODEL (sorted));
      g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (selection_cb),
                                self);
      gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
      g_signal_connect_swapped (self->search, "changed", G_CALLBACK (update), self);
      ac_message_search_start (self->search);
      make_room (self);
    }
  update (self);
}

/* --- what can be done --- */

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcExplorerPage *self = AC_EXPLORER_PAGE (widget);
  g_autoptr (AcMailQuery) query = ac_mail_query_new ();
  g_autoptr (GError) error = NULL;
  const char *wrong;

  if (!read_form (self, query, &error))
    {
      set_form_error (self, error->message);
      return;
    }
  wrong = check_query (query);
  set_form_error (self, wrong);
  if (wrong == NULL)
    start (self, query);
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (AC_EXPLORER_PAGE (widget)->search != NULL)
    search_action (widget, name, parameter);
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcExplorerPage *self = AC_EXPLORER_PAGE (widget);

  if (self->search != NULL)
    ac_message_search_stop (self->search);
}

static void
fill_form (AcExplorerPage *self, const AcMailQuery *query)
{
  g_autofree char *mailboxes =
      query->mailboxes != NULL ? g_strjoinv (", ", query->mailboxes) : NULL;

  set_text (self->sender, query->sender != NULL ? query->sender : query->sender_domain);
  set_text (self->subject, query->subject != NULL ? query->subject : query->subject_part);
  gtk_check_button_set_active (self->whole_subject, query->subject != NULL);
  set_text (self->recipient, query->recipient);
  set_text (self->mailboxes, mailboxes);
  set_text (self->message_id, query->message_id);
  set_text (self->url, query->url);
  set_text (self->sha256, query->attachment_sha256);
  set_text (self->received_from, NULL);
  set_text (self->received_to, NULL);
  if (query->message_id != NULL || query->url != NULL || query->attachment_sha256 != NULL ||
      query->subject != NULL)
    gtk_expander_set_expanded (self->more, TRUE);
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcExplorerPage *self = AC_EXPLORER_PAGE (widget);
  g_autoptr (AcMailQuery) nothing = ac_mail_query_new ();

  fill_form (self, nothing);
  gtk_expander_set_expanded (self->criteria, TRUE);
  drop_search (self);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->sender));
}

static void
select_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcExplorerPage *self = AC_EXPLORER_PAGE (widget);

  if (self->selection != NULL)
    gtk_selection_model_select_all (GTK_SELECTION_MODEL (self->selection));
}

static GtkWindow *
get_window (AcExplorerPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
take_action_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcExplorerPage *self = AC_EXPLORER_PAGE (widget);
  g_autoptr (GPtrArray) messages = get_selected (self);

  if (messages->len > 0)
    gtk_window_present (
        ac_take_action_window_new (get_window (self), self->session, messages, self->search));
}

static void
report_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcExplorerPage *self = AC_EXPLORER_PAGE (widget);
  g_autoptr (GPtrArray) messages = get_selected (self);
  g_autoptr (AcEntity) entity =
      messages->len == 1 ? ac_found_message_to_entity (messages->pdata[0]) : NULL;

  if (entity != NULL)
    gtk_window_present (
        ac_submission_window_new (get_window (self), self->session, entity,
                                  ac_found_message_get_action_id (messages->pdata[0]),
                                  ac_found_message_get_mailbox (messages->pdata[0])));
}

static void
row_activated_cb (AcExplorerPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "explorer.take-action", NULL);
}

static void
session_cb (AcExplorerPage *self)
{
  /* What was found with another account is neither shown nor decided on with this one. */
  if (ac_session_get_api (self->session) != self->search_api)
    drop_search (self);
  update (self);
}

/* A flow box wants to be as high as if all that is in it stood one below the other, unless it is
 * told how many stand side by side; with large text the window would grow beyond the screen. */
static void
width_cb (AcExplorerPage *self)
{
  int width = ac_adaptive_bin_get_available_width (self->bin);
  guint n = width < 440 ? 1 : width < 760 ? 2 : 4;

  gtk_flow_box_set_min_children_per_line (self->common_fields, n);
  gtk_flow_box_set_min_children_per_line (self->more_fields, n);
  gtk_flow_box_set_min_children_per_line (self->buttons, MIN (n, 3));
  /* Where there is room for all, they need not be as wide as the window. */
  gtk_widget_set_halign (GTK_WIDGET (self->buttons), n == 4 ? GTK_ALIGN_START : GTK_ALIGN_FILL);
}

static void
ac_explorer_page_dispose (GObject *object)
{
  AcExplorerPage *self = AC_EXPLORER_PAGE (object);

  if (self->view != NULL)
    drop_search (self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer ((GtkWidget **)&self->bin, gtk_widget_unparent);
  self->view = NULL;
  G_OBJECT_CLASS (ac_explorer_page_parent_class)->dispose (object);
}

static void
ac_explorer_page_class_init (AcExplorerPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_explorer_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-explorer-page.ui");
  ac_ui_bind_spinner (widget_class);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, bin);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, common_fields);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, more_fields);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, buttons);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, sender);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, subject);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, recipient);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, mailboxes);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, criteria);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, more);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, message_id);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, url);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, sha256);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, received_from);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, received_to);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, whole_subject);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, form_error);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, progress_box);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, progress);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, trouble_list);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, view);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, details);
  gtk_widget_class_bind_template_child (widget_class, AcExplorerPage, selected);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, width_cb);
  gtk_widget_class_install_action (widget_class, "explorer.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "explorer.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "explorer.clear", NULL, clear_action);
  gtk_widget_class_install_action (widget_class, "explorer.select-all", NULL, select_all_action);
  gtk_widget_class_install_action (widget_class, "explorer.take-action", NULL, take_action_action);
  gtk_widget_class_install_action (widget_class, "explorer.report", NULL, report_action);
  gtk_widget_class_install_action (widget_class, "page.refresh", NULL, refresh_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ac_explorer_page_init (AcExplorerPage *self)
{
  g_type_ensure (AC_TYPE_ADAPTIVE_BIN);
  gtk_widget_init_template (GTK_WIDGET (self));
  ac_scroll_start_show (GTK_WIDGET (self->view));
  ac_message_columns_add (self->view);
  ac_accessible_name_view (self->view, _ ("Messages found"));
  ac_accessible_name_expander (self->criteria);
  ac_accessible_name_expander (self->more);
  ac_accessible_name_expander (self->trouble);
  update (self);
}

/**
 * ac_explorer_page_set_session:
 * @session: where the mailboxes are searched
 */
void
ac_explorer_page_set_session (AcExplorerPage *self, AcSession *session)
{
  g_return_if_fail (AC_IS_EXPLORER_PAGE (self));

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    g_signal_connect_swapped (session, "notify::source", G_CALLBACK (session_cb), self);
  update (self);
}

/**
 * ac_explorer_page_search:
 *
 * Enters what @query names into the form, and searches for it.
 */
void
ac_explorer_page_search (AcExplorerPage *self, const AcMailQuery *query)
{
  g_return_if_fail (AC_IS_EXPLORER_PAGE (self));
  g_return_if_fail (query != NULL);

  fill_form (self, query);
  set_form_error (self, NULL);
  start (self, query);
}
