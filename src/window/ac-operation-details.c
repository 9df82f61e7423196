/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-operation-items.h"
#include "window/ac-operation-details.h"
#include "window/ac-result-row.h"
#include "window/ac-result-tools.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

/* More rows than anybody reads are summed up in one line. */
#define MOST_ROWS 100

struct _AcOperationDetails
{
  GtkWidget parent_instance;

  GtkScrolledWindow *scrolled_window;
  GtkLabel *title;
  GtkProgressBar *progress;
  GtkLabel *counts;
  GtkLabel *message;
  GtkWidget *rows_section;
  GtkLabel *rows_heading;
  GtkBox *rows;
  GtkLabel *undo_label;
  GtkLabel *rest_label;
  GtkLabel *retry_label;
  GtkLabel *confirm_label;
  AcResultTools *tools;

  AcDecisions *decisions; /* nullable */
  AcOperationRun *run;    /* nullable */
  GCancellable *cancellable;
  GHashTable *names; /* action id → what it is about */
};

G_DEFINE_FINAL_TYPE (AcOperationDetails, ac_operation_details, GTK_TYPE_WIDGET)

static gboolean
is_over (AcOperationRun *run)
{
  switch (ac_operation_run_get_state (run))
    {
    case AC_OPERATION_RUN_FINISHED:
    case AC_OPERATION_RUN_FAILED:
    case AC_OPERATION_RUN_UNSURE:
    case AC_OPERATION_RUN_STOPPED:
      return TRUE;
    case AC_OPERATION_RUN_NEW:
    case AC_OPERATION_RUN_SUBMITTING:
    case AC_OPERATION_RUN_RUNNING:
    default:
      return FALSE;
    }
}

/* Stopped in the middle: then what was done by then is what one has to know. */
static gboolean
was_stopped (AcOperationDetails *self)
{
  return ac_operation_run_get_state (self->run) == AC_OPERATION_RUN_FINISHED &&
         ac_operation_run_get_n_taken_back (self->run) > 0;
}

static gboolean
is_worth_a_row (AcOperationDetails *self, const AcOperationItem *item)
{
  return g_strcmp0 (item->state, "failed") == 0 || g_strcmp0 (item->state, "skipped") == 0 ||
         (g_strcmp0 (item->state, "done") == 0 && was_stopped (self));
}

static const char *
item_icon (const AcOperationItem *item)
{
  if (g_strcmp0 (item->state, "done") == 0)
    return "ac-done-symbolic";
  return g_strcmp0 (item->state, "failed") == 0 ? "ac-failed-symbolic" : "ac-cancelled-symbolic";
}

static GPtrArray *
get_items (AcOperationDetails *self)
{
  AcOperation *operation = ac_operation_run_get_operation (self->run);

  return operation != NULL ? ac_operation_get_items (operation) : NULL;
}

static GStrv
get_failed (AcOperationDetails *self)
{
  /* For some of its assets: the action itself says what of it has failed, which may be more. */
  return ac_operation_items_retryable (
      ac_operation_run_get_n_assets (self->run) > 0 ? NULL : get_items (self));
}

static const char *
get_name (AcOperationDetails *self, const char *action_id)
{
  const char *name = g_hash_table_lookup (self->names, action_id);

  return name != NULL ? name : action_id;
}

static void
append_rest (AcOperationDetails *self, guint n_rows)
{
  g_autofree char *number = ac_wording_number (n_rows - MOST_ROWS);
  g_autofree char *text = g_strdup_printf (_ ("and %s more"), number);

  gtk_box_append (self->rows, ac_result_row_new_with_text (text, NULL, NULL));
}

static void
show_conflicts (AcOperationDetails *self, const AcProblem *problem)
{
  for (guint i = 0; i < MIN (problem->conflicts->len, MOST_ROWS); i++)
    {
      const AcConflict *conflict = g_ptr_array_index (problem->conflicts, i);
      g_autofree char *text = ac_wording_conflict (conflict);

      gtk_box_append (self->rows,
                      ac_result_row_new_with_text (get_name (self, conflict->action_id), text,
                                                   ac_wording_status_icon (conflict->status)));
    }
  if (problem->conflicts->len > MOST_ROWS)
    append_rest (self, problem->conflicts->len);
}

static void
show_items (AcOperationDetails *self, GPtrArray *items)
{
  guint n_rows = 0;

  for (guint i = 0; i < items->len; i++)
    {
      const AcOperationItem *item = g_ptr_array_index (items, i);

      if (!is_worth_a_row (self, item) || ++n_rows > MOST_ROWS)
        continue;
      gtk_box_append (self->rows,
                      ac_result_row_new_with_text (
                          get_name (self, item->action_id),
                          item->detail != NULL
                              ? item->detail
                              : ac_vocabulary_label (AC_VOCABULARY_STATUS, item->status),
                          item_icon (item)));
    }
  if (n_rows > MOST_ROWS)
    append_rest (self, n_rows);
}

static void
show_rows (AcOperationDetails *self)
{
  const AcProblem *problem = ac_operation_run_get_problem (self->run);
  GPtrArray *items = get_items (self);

  ac_ui_clear_box (self->rows);
  gtk_label_set_text (self->rows_heading,
                      was_stopped (self) ? _ ("What had begun before") : _ ("Not done"));
  if (problem != NULL)
    show_conflicts (self, problem);
  else if (items != NULL)
    show_items (self, items);
  ac_result_tools_set_results (self->tools, problem == NULL && items != NULL ? items->len : 0, 0,
                               FALSE);
  gtk_widget_set_visible (self->rows_section,
                          gtk_widget_get_first_child (GTK_WIDGET (self->rows)) != NULL);
}

static char *
rest_text (AcDecision decision, guint n_rest)
{
  g_autofree char *number = ac_wording_number (n_rest);

  switch (decision)
    {
    case AC_DECISION_APPROVE:
      return g_strdup_printf (_ ("Approve the other %s"), number);
    case AC_DECISION_REJECT:
      return g_strdup_printf (_ ("Reject the other %s"), number);
    case AC_DECISION_UNDO:
      return g_strdup_printf (_ ("Undo the other %s"), number);
    case AC_DECISION_RETRY:
    case AC_DECISION_UNKNOWN:
    default:
      return g_strdup_printf (_ ("Retry the other %s"), number);
    }
}

static void
update_buttons (AcOperationDetails *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  AcOperationRunState state = ac_operation_run_get_state (self->run);
  const AcProblem *problem = ac_operation_run_get_problem (self->run);
  AcDecision decision = ac_operation_run_get_decision (self->run);
  g_auto (GStrv) undoable = ac_operation_run_get_undoable_ids (self->run);
  g_auto (GStrv) failed = get_failed (self);
  g_auto (GStrv) rest = ac_decisions_get_rest (self->run);
  guint n_undoable = undoable != NULL ? g_strv_length (undoable) : 0;
  guint n_failed = g_strv_length (failed);
  guint n_rest = problem != NULL && problem->conflicts->len > 0 ? g_strv_length (rest) : 0;
  g_autofree char *undo_number = ac_wording_number (n_undoable);
  g_autofree char *undo_text =
      g_strdup_printf (ngettext ("Undo %s action", "Undo %s actions", n_undoable), undo_number);
  g_autofree char *failed_number = ac_wording_number (n_failed);
  g_autofree char *failed_text = g_strdup_printf (_ ("Retry the %s that failed"), failed_number);
  g_autofree char *text = rest_text (decision, n_rest);
  g_autofree char *confirm_text = NULL;
  gboolean may = !ac_decisions_is_offline (self->decisions) &&
                 ac_decisions_has_decided (self->decisions, self->run);

  if (ac_operation_run_wants_confirmation (self->run))
    confirm_text = ac_wording_confirmation (problem);
  gtk_label_set_text (self->confirm_label, confirm_text != NULL ? confirm_text : "");
  gtk_widget_action_set_enabled (widget, "operation.confirm", may && confirm_text != NULL);
  gtk_label_set_text (self->undo_label, undo_text);
  gtk_label_set_text (self->retry_label, failed_text);
  gtk_label_set_text (self->rest_label, text);
  gtk_widget_action_set_enabled (widget, "operation.undo",
                                 may && state == AC_OPERATION_RUN_FINISHED && n_undoable > 0);
  gtk_widget_action_set_enabled (widget, "operation.retry-failed",
                                 may && state == AC_OPERATION_RUN_FINISHED && n_failed > 0);
  gtk_widget_action_set_enabled (widget, "operation.rest",
                                 may && state == AC_OPERATION_RUN_FAILED && n_rest > 0);
  /* That decides nothing anew; and it is what one does when the service answers again. */
  gtk_widget_action_set_enabled (widget, "operation.ask-again",
                                 state == AC_OPERATION_RUN_UNSURE &&
                                     ac_decisions_has_decided (self->decisions, self->run));
}

/* What there is to say besides the numbers; NULL: nothing. */
static const char *
get_message (AcOperationDetails *self)
{
  const char *message = ac_operation_run_get_message (self->run);

  if (message == NULL && ac_operation_run_get_mixed (self->run) &&
      ac_operation_run_get_decision (self->run) == AC_DECISION_APPROVE &&
      ac_operation_run_get_state (self->run) == AC_OPERATION_RUN_FINISHED &&
      ac_operation_run_get_done (self->run) > 0)
    return _ ("These actions are of several types. Undo them under History, one type at a time.");
  /* What could be done about it is not there then. */
  if (message == NULL && is_over (self->run) && ac_decisions_is_offline (self->decisions))
    return _ ("There is no connection to the service, so nothing can be decided now.");
  return message;
}

static void
update (AcOperationDetails *self)
{
  AcOperationRunState state = ac_operation_run_get_state (self->run);
  const char *message = get_message (self);
  g_autofree char *title = NULL;
  g_autofree char *counts = ac_wording_run_counts (self->run);

  if (was_stopped (self))
    title = ac_wording_taken_back (ac_operation_run_get_n_taken_back (self->run));
  else if (state == AC_OPERATION_RUN_FINISHED)
    title = ac_wording_over (ac_operation_run_get_decision (self->run),
                             ac_operation_run_get_total (self->run));
  else if (state == AC_OPERATION_RUN_FAILED)
    title = g_strdup (_ ("Nothing was done"));
  else
    title = ac_wording_under_way (ac_operation_run_get_decision (self->run),
                                  ac_operation_run_get_total (self->run));
  gtk_label_set_text (self->title, title);
  gtk_progress_bar_set_fraction (self->progress, ac_operation_run_get_fraction (self->run));
  gtk_widget_set_visible (GTK_WIDGET (self->progress), !is_over (self->run));
  gtk_label_set_text (self->counts, state == AC_OPERATION_RUN_FAILED ? "" : counts);
  gtk_widget_set_visible (GTK_WIDGET (self->counts),
                          state != AC_OPERATION_RUN_FAILED && *counts != '\0');
  gtk_label_set_text (self->message, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message), message != NULL);
  update_buttons (self);
}

static void
names_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcOperationDetails) self = user_data;
  g_autoptr (GPtrArray) actions = ac_api_get_actions_finish (AC_API (source_object), result, NULL);

  /* Without an answer the ids stand there, which is true as well. */
  if (actions == NULL || self->run == NULL)
    return;
  for (guint i = 0; i < actions->len; i++)
    {
      AcAction *action = g_ptr_array_index (actions, i);
      const char *details = ac_action_get_details (action);

      if (details == NULL)
        details = ac_entity_get_summary (ac_action_get_entity (action));
      g_hash_table_replace (self->names, g_strdup (ac_action_get_id (action)), g_strdup (details));
    }
  show_rows (self);
}

/* The operation names actions by id only; people know them by what they are about. */
static void
load_names (AcOperationDetails *self)
{
  AcApi *api = ac_session_get_api (ac_decisions_get_session (self->decisions));
  const AcProblem *problem = ac_operation_run_get_problem (self->run);
  GPtrArray *items = get_items (self);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;
  guint n_ids = 0;

  if (problem != NULL)
    for (guint i = 0; i < problem->conflicts->len && n_ids < MOST_ROWS; i++, n_ids++)
      g_strv_builder_add (builder,
                          ((AcConflict *)g_ptr_array_index (problem->conflicts, i))->action_id);
  else
    for (guint i = 0; items != NULL && i < items->len && n_ids < MOST_ROWS; i++)
      {
        const AcOperationItem *item = g_ptr_array_index (items, i);

        if (!is_worth_a_row (self, item))
          continue;
        g_strv_builder_add (builder, item->action_id);
        n_ids++;
      }
  ids = g_strv_builder_end (builder);
  if (api == NULL || ids[0] == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  ac_api_get_actions_async (api, (const char *const *)ids, self->cancellable, names_cb,
                            g_object_ref (self));
}

static void
progress_cb (AcOperationDetails *self, AcOperationRun *run, AcDecisions *decisions)
{
  if (run == self->run)
    update (self);
}

static void
finished_cb (AcOperationDetails *self, AcOperationRun *run, AcDecisions *decisions)
{
  if (run != self->run)
    return;
  update (self);
  show_rows (self);
  load_names (self);
}

static void
export_cb (AcOperationDetails *self)
{
  AcOperation *operation = ac_operation_run_get_operation (self->run);

  ac_result_tools_export_items (self->tools, ac_operation_get_items (operation), self->names,
                                ac_operation_get_id (operation));
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcOperationDetails *self = AC_OPERATION_DETAILS (widget);

  ac_decisions_undo_run (self->decisions, self->run);
}

static void
rest_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcOperationDetails *self = AC_OPERATION_DETAILS (widget);
  g_autoptr (AcOperationRun) refused = g_object_ref (self->run);

  ac_decisions_decide_rest (self->decisions, refused);
}

static void
confirm_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcOperationDetails *self = AC_OPERATION_DETAILS (widget);
  g_autoptr (AcOperationRun) refused = g_object_ref (self->run);

  ac_decisions_confirm (self->decisions, refused);
}

static void
retry_failed_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcOperationDetails *self = AC_OPERATION_DETAILS (widget);
  g_auto (GStrv) failed = get_failed (self);

  if (failed[0] != NULL && ac_decisions_has_decided (self->decisions, self->run))
    ac_decisions_decide (self->decisions, AC_DECISION_RETRY, (const char *const *)failed, NULL);
}

static void
ask_again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcOperationDetails *self = AC_OPERATION_DETAILS (widget);

  ac_decisions_ask_again (self->decisions, self->run);
}

static void
ac_operation_details_dispose (GObject *object)
{
  AcOperationDetails *self = AC_OPERATION_DETAILS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->run);
  if (self->decisions != NULL)
    g_signal_handlers_disconnect_by_data (self->decisions, self);
  g_clear_object (&self->decisions);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer ((GtkWidget **)&self->scrolled_window, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_operation_details_parent_class)->dispose (object);
}

static void
ac_operation_details_class_init (AcOperationDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_operation_details_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-operation-details.ui");
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, title);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, progress);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, counts);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, message);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, rows_section);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, rows_heading);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, rows);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, undo_label);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, rest_label);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, retry_label);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, confirm_label);
  gtk_widget_class_bind_template_child (widget_class, AcOperationDetails, tools);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  gtk_widget_class_install_action (widget_class, "operation.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "operation.rest", NULL, rest_action);
  gtk_widget_class_install_action (widget_class, "operation.retry-failed", NULL,
                                   retry_failed_action);
  gtk_widget_class_install_action (widget_class, "operation.confirm", NULL, confirm_action);
  gtk_widget_class_install_action (widget_class, "operation.ask-again", NULL, ask_again_action);
}

static void
ac_operation_details_init (AcOperationDetails *self)
{
  g_type_ensure (AC_TYPE_RESULT_TOOLS);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Nothing is offered as long as there is no run. */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "operation.undo", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "operation.rest", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "operation.retry-failed", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "operation.confirm", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "operation.ask-again", FALSE);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * ac_operation_details_set_run:
 * @decisions: (nullable): where @run comes from
 * @run: (nullable): what to show
 */
void
ac_operation_details_set_run (AcOperationDetails *self, AcDecisions *decisions, AcOperationRun *run)
{
  g_return_if_fail (AC_IS_OPERATION_DETAILS (self));
  g_return_if_fail (run == NULL || decisions != NULL);

  if (self->decisions != NULL)
    g_signal_handlers_disconnect_by_data (self->decisions, self);
  g_set_object (&self->decisions, decisions);
  if (!g_set_object (&self->run, run) && run == NULL)
    return;
  g_hash_table_remove_all (self->names);
  ac_result_tools_forget (self->tools);
  if (run == NULL)
    return;
  g_signal_connect_swapped (decisions, "progress", G_CALLBACK (progress_cb), self);
  g_signal_connect_swapped (decisions, "finished", G_CALLBACK (finished_cb), self);
  update (self);
  show_rows (self);
  if (is_over (run))
    load_names (self);
}

/**
 * ac_operation_details_update_offline:
 *
 * Whether the service answers has changed.
 */
void
ac_operation_details_update_offline (AcOperationDetails *self)
{
  g_return_if_fail (AC_IS_OPERATION_DETAILS (self));

  if (self->run != NULL)
    update (self);
}

/**
 * ac_operation_details_get_run:
 *
 * Returns: (transfer none) (nullable):
 */
AcOperationRun *
ac_operation_details_get_run (AcOperationDetails *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_DETAILS (self), NULL);

  return self->run;
}
