/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/ac-explorer-api.h"
#include "window/ac-accessible.h"
#include "window/ac-submission-details.h"
#include "window/ac-submission-row.h"
#include "window/ac-submission-window.h"
#include "window/ac-submissions-page.h"
#include "window/ac-ui.h"

/* How many are asked for at a time. */
#define PAGE_SIZE 100

struct _AcSubmissionsPage
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkDropDown *state;
  GtkStack *stack;
  GtkListBox *list_box;
  GtkWidget *more;
  AdwStatusPage *error_page;

  AcSession *session; /* nullable */
  AcApi *api;         /* nullable: whose changes are heard of */
  GCancellable *cancellable;
  char *cursor;        /* nullable: where the next page starts */
  GPtrArray *fresh;    /* nullable: of AcSubmission: what has come of those that are asked for anew */
  gboolean is_other;   /* what is shown is of another filter or service */
  gboolean wants_more; /* than what is shown */
  gboolean is_loading; /* these, or more */
  gboolean is_stale;   /* something has changed since that was asked for */
};

G_DEFINE_FINAL_TYPE (AcSubmissionsPage, ac_submissions_page, GTK_TYPE_WIDGET)

static void
clear (AcSubmissionsPage *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list_box))) != NULL)
    gtk_list_box_remove (self->list_box, row);
}

static AcSubmissionRow *
get_row (AcSubmissionsPage *self, guint position)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list_box, (int)position);

  return row != NULL ? AC_SUBMISSION_ROW (row) : NULL;
}

static guint
count_rows (AcSubmissionsPage *self)
{
  guint n = 0;

  while (get_row (self, n) != NULL)
    n++;
  return n;
}

/* Shows these and no others. Whoever stands on a row stays there: the row is kept, whatever has
 * come above it and whatever has changed in it. The order never changes. */
static void
show_all (AcSubmissionsPage *self, GPtrArray *submissions)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  AcSubmissionRow *row;

  for (guint i = 0; i < submissions->len; i++)
    g_hash_table_add (ids, (char *)ac_submission_get_id (submissions->pdata[i]));
  for (guint i = 0; i < submissions->len; i++)
    {
      const char *id = ac_submission_get_id (submissions->pdata[i]);

      while ((row = get_row (self, i)) != NULL &&
             !g_hash_table_contains (ids,
                                     ac_submission_get_id (ac_submission_row_get_submission (row))))
        gtk_list_box_remove (self->list_box, GTK_WIDGET (row));
      if (row != NULL &&
          strcmp (ac_submission_get_id (ac_submission_row_get_submission (row)), id) == 0)
        ac_submission_row_set_submission (row, submissions->pdata[i]);
      else
        gtk_list_box_insert (self->list_box, ac_submission_row_new (submissions->pdata[i]), (int)i);
    }
  while ((row = get_row (self, submissions->len)) != NULL)
    gtk_list_box_remove (self->list_box, GTK_WIDGET (row));
}

/* NULL: all. In the order of the list. */
static const char *
get_state (AcSubmissionsPage *self)
{
  static const AcSubmissionState states[] = {
    AC_SUBMISSION_STATE_UNKNOWN,
    AC_SUBMISSION_STATE_PENDING,
    AC_SUBMISSION_STATE_AGREED,
    AC_SUBMISSION_STATE_DISAGREED,
  };
  guint selected = gtk_drop_down_get_selected (self->state);

  if (selected == 0 || selected >= G_N_ELEMENTS (states))
    return NULL;
  return ac_vocabulary_wire (AC_VOCABULARY_SUBMISSION_STATE, (int)states[selected]);
}

static void
show_error (AcSubmissionsPage *self, const GError *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->error_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

/* What is shown ends at @cursor now. */
static void
finish_loading (AcSubmissionsPage *self, const char *cursor)
{
  char *copy = g_strdup (cursor);

  g_free (self->cursor);
  self->cursor = copy;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "submissions.more", cursor != NULL);
  gtk_stack_set_visible_child_name (
      self->stack, gtk_list_box_get_row_at_index (self->list_box, 0) != NULL ? "list" : "empty");
}

/* What has changed meanwhile is asked for. */
static void
set_loaded (AcSubmissionsPage *self)
{
  self->is_loading = FALSE;
  if (self->is_stale)
    ac_submissions_page_refresh (self);
}

/* One question, which may be given up. */
typedef struct
{
  AcSubmissionsPage *page; /* owned */
  GCancellable *cancellable;
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->page);
  g_object_unref (question->cancellable);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
ask (AcSubmissionsPage *self, AcApi *api, const char *cursor, guint n, GAsyncReadyCallback callback)
{
  Question *question = g_new0 (Question, 1);

  question->page = g_object_ref (self);
  question->cancellable = g_object_ref (self->cancellable);
  ac_api_list_submissions_async (api, get_state (self), cursor, MIN (n, AC_API_MAX_LIMIT),
                                 self->cancellable, callback, question);
}

/* The order of the list: those that were reported last come first. */
static gboolean
is_after (AcSubmission *one, AcSubmission *other)
{
  gint64 one_time = ac_submission_get_created_at (one);
  gint64 other_time = ac_submission_get_created_at (other);

  if (one_time != other_time)
    return one_time < other_time;
  return strcmp (ac_submission_get_id (one), ac_submission_get_id (other)) < 0;
}

/* How many more are to be asked for, so that nothing goes that is shown: what is new above has moved
 * it down, and the service gives no more than so many at once. When all is new, what was shown is far
 * away. */
static guint
count_missing (AcSubmissionsPage *self)
{
  guint n_rows = count_rows (self);
  guint n_after = 0;
  AcSubmission *last;

  if (self->fresh->len == 0)
    return self->is_other ? PAGE_SIZE : MAX (n_rows, PAGE_SIZE);
  last = g_ptr_array_index (self->fresh, self->fresh->len - 1);
  while (!self->is_other && n_after < n_rows &&
         is_after (ac_submission_row_get_submission (get_row (self, n_rows - 1 - n_after)), last))
    n_after++;
  return n_after < n_rows ? n_after : 0;
}

static void
first_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  AcSubmissionsPage *self = question->page;
  AcApi *api = AC_API (source_object);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcSubmissionPage) page = ac_api_list_submissions_finish (api, result, &error);
  guint n_missing = 0;

  /* An answer may come all the same. */
  if (g_cancellable_is_cancelled (question->cancellable))
    return;
  for (guint i = 0; page != NULL && i < page->submissions->len; i++)
    g_ptr_array_add (self->fresh, g_object_ref (page->submissions->pdata[i]));
  if (page != NULL && page->submissions->len > 0 && page->next_cursor != NULL)
    {
      n_missing = count_missing (self);
      if (n_missing == 0 && self->wants_more)
        {
          n_missing = PAGE_SIZE;
          self->wants_more = FALSE;
        }
    }
  if (n_missing > 0)
    {
      ask (self, api, page->next_cursor, n_missing, first_cb);
      return;
    }
  if (page == NULL)
    show_error (self, error);
  else
    {
      show_all (self, self->fresh);
      self->is_other = FALSE;
      finish_loading (self, page->next_cursor);
    }
  g_clear_pointer (&self->fresh, g_ptr_array_unref);
  set_loaded (self);
}

static void
next_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  AcSubmissionsPage *self = question->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcSubmissionPage) page =
      ac_api_list_submissions_finish (AC_API (source_object), result, &error);

  if (g_cancellable_is_cancelled (question->cancellable))
    return;
  for (guint i = 0; page != NULL && i < page->submissions->len; i++)
    gtk_list_box_append (self->list_box, ac_submission_row_new (page->submissions->pdata[i]));
  if (page == NULL)
    show_error (self, error);
  else
    finish_loading (self, page->next_cursor);
  set_loaded (self);
}

static void
more_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcSubmissionsPage *self = AC_SUBMISSIONS_PAGE (widget);
  AcApi *api = self->session != NULL ? ac_session_get_api (self->session) : NULL;

  gtk_widget_action_set_enabled (widget, "submissions.more", FALSE);
  if (api == NULL || self->cursor == NULL)
    return;
  /* What is being asked anew takes the place of all that is shown, so that has to have more. */
  if (self->fresh != NULL)
    {
      self->wants_more = TRUE;
      return;
    }
  self->is_loading = TRUE;
  ask (self, api, self->cursor, PAGE_SIZE, next_cb);
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_submissions_page_refresh (AC_SUBMISSIONS_PAGE (widget));
}

static GtkWindow *
get_window (AcSubmissionsPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* Somebody has reported or answered. A page that nobody looks at asks when it is looked at; and an
 * answer that is on its way is not given up, or nothing would be shown where much is reported, and
 * whoever wants to see more would not. */
static void
changed_cb (AcSubmissionsPage *self)
{
  if (self->is_loading)
    self->is_stale = TRUE;
  else if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    ac_submissions_page_refresh (self);
}

static void
new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcSubmissionsPage *self = AC_SUBMISSIONS_PAGE (widget);
  GtkWindow *window = ac_submission_window_new (get_window (self), self->session, NULL, NULL, NULL);

  g_signal_connect_object (window, "submitted", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (window);
}

static void
row_activated_cb (AcSubmissionsPage *self, GtkListBoxRow *row)
{
  GtkWindow *window = ac_submission_details_new (
      get_window (self), self->session, ac_submission_row_get_submission (AC_SUBMISSION_ROW (row)));

  g_signal_connect_object (window, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (window);
}

static void
filter_cb (AcSubmissionsPage *self)
{
  self->is_other = TRUE;
  if (self->session != NULL)
    ac_submissions_page_refresh (self);
}

static void
set_api (AcSubmissionsPage *self, AcApi *api)
{
  if (api == self->api)
    return;
  if (self->api != NULL)
    g_signal_handlers_disconnect_by_data (self->api, self);
  g_set_object (&self->api, api);
  self->is_other = TRUE;
  if (api != NULL)
    g_signal_connect_swapped (api, "submissions-changed", G_CALLBACK (changed_cb), self);
}

static void
session_cb (AcSubmissionsPage *self)
{
  set_api (self, self->session != NULL ? ac_session_get_api (self->session) : NULL);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    ac_submissions_page_refresh (self);
}

static void
ac_submissions_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ac_submissions_page_parent_class)->map (widget);
  ac_submissions_page_refresh (AC_SUBMISSIONS_PAGE (widget));
}

static void
ac_submissions_page_dispose (GObject *object)
{
  AcSubmissionsPage *self = AC_SUBMISSIONS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  set_api (self, NULL);
  g_clear_object (&self->session);
  g_clear_pointer (&self->cursor, g_free);
  g_clear_pointer (&self->fresh, g_ptr_array_unref);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_submissions_page_parent_class)->dispose (object);
}

static void
ac_submissions_page_class_init (AcSubmissionsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_submissions_page_dispose;
  widget_class->map = ac_submissions_page_map;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-submissions-page.ui");
  ac_ui_bind_spinner (widget_class);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionsPage, box);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionsPage, state);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionsPage, list_box);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionsPage, more);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionsPage, error_page);
  gtk_widget_class_bind_template_callback (widget_class, filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "submissions.more", NULL, more_action);
  gtk_widget_class_install_action (widget_class, "submissions.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "page.refresh", NULL, refresh_action);
}

static void
ac_submissions_page_init (AcSubmissionsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ac_accessible_name_choice (GTK_WIDGET (self->state), _ ("Which submissions"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "submissions.more", FALSE);
  g_object_bind_property (self->more, "sensitive", self->more, "visible", G_BINDING_SYNC_CREATE);
}

/**
 * ac_submissions_page_set_session:
 * @session: where the submissions come from
 */
void
ac_submissions_page_set_session (AcSubmissionsPage *self, AcSession *session)
{
  g_return_if_fail (AC_IS_SUBMISSIONS_PAGE (self));

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    g_signal_connect_swapped (session, "notify::source", G_CALLBACK (session_cb), self);
  session_cb (self);
}

/**
 * ac_submissions_page_refresh:
 *
 * Asks anew, for as many as are shown. What is shown stays until the answer is there.
 */
void
ac_submissions_page_refresh (AcSubmissionsPage *self)
{
  AcApi *api;

  g_return_if_fail (AC_IS_SUBMISSIONS_PAGE (self));

  api = self->session != NULL ? ac_session_get_api (self->session) : NULL;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->fresh, g_ptr_array_unref);
  self->is_loading = api != NULL;
  self->is_stale = FALSE;
  self->wants_more = FALSE;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "submissions.new", api != NULL);
  if (api == NULL)
    {
      clear (self);
      gtk_stack_set_visible_child_name (self->stack, "disconnected");
      return;
    }
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "list") != 0)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  self->cancellable = g_cancellable_new ();
  self->fresh = g_ptr_array_new_with_free_func (g_object_unref);
  ask (self, api, NULL, count_missing (self), first_cb);
}
