/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-own-proposals.h"
#include "window/ac-choices.h"
#include "window/ac-flyout-private.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

/* While the selection or the service changes quickly, what is shown follows after this long. */
#define PAUSE_MILLISECONDS 120
/* Some of so many are among what changes; to look them up would take longer than to sum anew. */
#define MANY 20000

G_DEFINE_FINAL_TYPE (AcFlyout, ac_flyout, GTK_TYPE_WIDGET)

enum
{
  CLOSE,
  STEP,
  NARROW,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void queue_load (AcFlyout *self);
static void source_changed_cb (AcFlyout *self, GArray *keys);

/* Nobody while the service does not answer: what were decided then would be sent much later. */
static const AcMe *
get_me (AcFlyout *self)
{
  if (self->decisions == NULL || self->offline)
    return NULL;
  return ac_session_get_me (ac_decisions_get_session (self->decisions));
}

static AcApi *
get_api (AcFlyout *self)
{
  return self->decisions != NULL ? ac_session_get_api (ac_decisions_get_session (self->decisions))
                                 : NULL;
}

static gboolean
run_is_under_way (AcOperationRun *run)
{
  if (run == NULL)
    return FALSE;
  switch (ac_operation_run_get_state (run))
    {
    case AC_OPERATION_RUN_NEW:
    case AC_OPERATION_RUN_SUBMITTING:
    case AC_OPERATION_RUN_RUNNING:
      return TRUE;
    case AC_OPERATION_RUN_FINISHED:
    case AC_OPERATION_RUN_FAILED:
    case AC_OPERATION_RUN_UNSURE:
    case AC_OPERATION_RUN_STOPPED:
    default:
      return FALSE;
    }
}

void
ac_flyout_update_choices (AcFlyout *self)
{
  AcChoices *choices = NULL;
  const AcMe *me = get_me (self);

  ac_action_details_set_api (self->action_details,
                             me != NULL && self->action != NULL &&
                                     ac_me_may_decide (me, ac_action_get_action_type (self->action))
                                 ? get_api (self)
                                 : NULL);

  if (self->content == AC_FLYOUT_ONE && self->action != NULL)
    {
      /* A decision about this action alone is over when the action is. */
      gboolean busy = run_is_under_way (self->run) ||
                      (self->decisions != NULL &&
                       ac_decisions_is_busy (self->decisions, ac_action_get_id (self->action)));

      choices = ac_choices_new_for_action (self->action, get_me (self), busy);
    }
  else if (self->content == AC_FLYOUT_SEVERAL && self->summary != NULL)
    choices = ac_choices_new_for_summary (self->summary, get_me (self),
                                          run_is_under_way (self->run) || self->deciding != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "flyout.retry",
                                 choices != NULL && choices->choices[AC_DECISION_RETRY].enabled);
  ac_decision_bar_set_choices (self->decision_bar, choices);
}

/* How the decision about one action goes stands beside its buttons. */
static void
update_progress (AcFlyout *self)
{
  AcOperationRunState state;
  const AcProblem *problem;
  g_autofree char *progress = NULL;
  g_autofree char *error = NULL;
  g_autofree char *confirmation = NULL;

  if (self->content == AC_FLYOUT_ONE && run_is_under_way (self->run))
    {
      progress = ac_wording_run_progress (self->run);
      ac_decision_bar_set_progress (self->decision_bar, progress,
                                    ac_operation_run_get_fraction (self->run));
    }
  else
    ac_decision_bar_set_progress (self->decision_bar, NULL, 0);
  if (self->run != NULL && self->content == AC_FLYOUT_ONE)
    {
      state = ac_operation_run_get_state (self->run);
      problem = ac_operation_run_get_problem (self->run);
      if (ac_operation_run_wants_confirmation (self->run) && get_me (self) != NULL)
        confirmation = ac_wording_confirmation (problem);
      if (problem != NULL && problem->conflicts->len == 1 &&
          ((AcConflict *)g_ptr_array_index (problem->conflicts, 0))->decided_by != NULL)
        error = ac_wording_conflict (g_ptr_array_index (problem->conflicts, 0));
      else if (state == AC_OPERATION_RUN_FAILED || state == AC_OPERATION_RUN_UNSURE)
        error = g_strdup (ac_operation_run_get_message (self->run));
    }
  ac_decision_bar_set_error (self->decision_bar, error);
  ac_decision_bar_set_confirmation (self->decision_bar, confirmation);
}

static void
update_title (AcFlyout *self)
{
  g_autofree char *count = NULL;

  switch (self->content)
    {
    case AC_FLYOUT_SEVERAL:
      count = ac_wording_actions (self->keys->len);
      gtk_label_set_text (self->title, count);
      break;
    case AC_FLYOUT_OPERATION:
      gtk_label_set_text (self->title, _ ("Decision"));
      break;
    case AC_FLYOUT_ONE:
    case AC_FLYOUT_NOTHING:
    default:
      gtk_label_set_text (self->title, _ ("Action"));
      break;
    }
}

/* The frame in which the flyout opens has enough to do: what is in it comes with the next. */
static void
show_page (AcFlyout *self)
{
  gboolean decidable = self->content == AC_FLYOUT_ONE || self->content == AC_FLYOUT_SEVERAL;
  const char *page = "loading";

  if (!self->opened)
    page = "opening";
  else if (self->content == AC_FLYOUT_ONE && self->action != NULL)
    page = "one";
  else if (self->content == AC_FLYOUT_SEVERAL && self->summary != NULL)
    page = "several";
  else if (self->content == AC_FLYOUT_OPERATION)
    page = "operation";
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_widget_set_visible (GTK_WIDGET (self->decision_bar), decidable);
}

static gboolean
opened_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  AcFlyout *self = AC_FLYOUT (widget);

  /* The first call is of the frame that opens it. */
  if (!self->opening)
    {
      self->opening = TRUE;
      return G_SOURCE_CONTINUE;
    }
  self->opened = TRUE;
  show_page (self);
  return G_SOURCE_REMOVE;
}

static void
ac_flyout_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ac_flyout_parent_class)->map (widget);
  if (!AC_FLYOUT (widget)->opened)
    gtk_widget_add_tick_callback (widget, opened_cb, NULL, NULL);
}

static void
set_action (AcFlyout *self, AcAction *action)
{
  /* What was asked for may arrive after something newer. */
  if (action != NULL && self->action != NULL &&
      g_strcmp0 (ac_action_get_id (action), ac_action_get_id (self->action)) == 0 &&
      ac_action_get_version (action) < ac_action_get_version (self->action))
    return;
  g_set_object (&self->action, action);
  ac_targets_loader_set_action (self->targets, get_api (self), action);
  ac_action_details_set_action (self->action_details, action);
  ac_decision_bar_set_investigation (
      self->decision_bar, action != NULL ? ac_action_get_investigation_id (action) : NULL);
  show_page (self);
  ac_flyout_update_choices (self);
}

static void
instances_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcFlyout) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcActionPage) page =
      ac_api_list_instances_finish (AC_API (source_object), result, &error);

  /* The answer may have been on its way when something else was chosen. */
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    ac_decision_bar_set_instances (self->decision_bar, page != NULL ? page->total : 0);
}

/* One file lies on many devices, each with an action of its own. How many of them can be undone
 * changes with what happens to the others. */
static void
load_instances (AcFlyout *self)
{
  AcActionType type = ac_action_type_parse (ac_action_get_action_type (self->action));
  AcActionSource *source = ac_session_get_source (ac_decisions_get_session (self->decisions));

  if (type != AC_ACTION_TYPE_QUARANTINE_FILE || !ac_action_may (self->action, AC_DECISION_UNDO))
    {
      ac_decision_bar_set_instances (self->decision_bar, 0);
      return;
    }
  ac_api_list_instances_async (get_api (self), ac_action_get_id (self->action), 1,
                               self->cancellable, instances_cb, g_object_ref (self));
  if (self->source != NULL || source == NULL)
    return;
  self->source = g_object_ref (source);
  g_signal_connect_swapped (source, "changed", G_CALLBACK (source_changed_cb), self);
}

static void
action_loaded_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcFlyout) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcAction) action = ac_api_get_action_finish (AC_API (source_object), result, &error);

  /* Without an answer, what the list knows stands there; the page says that it is offline. */
  if (action == NULL || self->content != AC_FLYOUT_ONE)
    return;
  set_action (self, action);
  ac_action_details_load_related (self->action_details, get_api (self));
  if (get_api (self) != NULL)
    load_instances (self);
}

static void
summary_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcFlyout) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcActionSummary) summary =
      ac_own_proposals_summarize_finish (AC_ACTION_SOURCE (source_object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      self->content != AC_FLYOUT_SEVERAL)
    return;
  if (summary == NULL)
    {
      ac_decision_bar_set_error (self->decision_bar, error->message);
      return;
    }
  ac_decision_bar_set_error (self->decision_bar, NULL);
  g_clear_pointer (&self->summary, ac_action_summary_free);
  self->summary = g_steal_pointer (&summary);
  ac_selection_details_set_summary (self->selection_details, self->summary);
  show_page (self);
  ac_flyout_update_choices (self);
}

static gboolean
load_cb (gpointer user_data)
{
  AcFlyout *self = user_data;

  self->load_source = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (self->content == AC_FLYOUT_ONE && self->action != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.visited", "s",
                                ac_action_get_id (self->action));
  if (self->content == AC_FLYOUT_ONE && get_api (self) != NULL && self->action != NULL)
    ac_api_get_action_async (get_api (self), ac_action_get_id (self->action), self->cancellable,
                             action_loaded_cb, g_object_ref (self));
  else if (self->content == AC_FLYOUT_SEVERAL)
    ac_own_proposals_summarize_async (self->source, self->keys, ac_flyout_get_second_person (self),
                                      self->cancellable, summary_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
queue_load (AcFlyout *self)
{
  if (self->load_source == 0)
    self->load_source = g_timeout_add (PAUSE_MILLISECONDS, load_cb, self);
}

static void
item_action_cb (AcFlyout *self)
{
  AcAction *action = ac_action_item_get_action (self->item);

  if (action == NULL)
    return;
  /* An item goes back only after the service was put back to an earlier state. */
  if (ac_action_get_version (action) < self->item_version)
    g_clear_object (&self->action);
  self->item_version = ac_action_get_version (action);
  set_action (self, action);
  queue_load (self);
}

static void
source_changed_cb (AcFlyout *self, GArray *keys)
{
  g_autoptr (GHashTable) changed = NULL;
  gboolean ours = keys == NULL || (self->keys != NULL && self->keys->len > MANY);

  /* What happens to other actions changes how many instances there are. */
  if (self->content == AC_FLYOUT_ONE)
    queue_load (self);
  if (self->content != AC_FLYOUT_SEVERAL)
    return;
  if (!ours)
    {
      changed = g_hash_table_new (g_int64_hash, g_int64_equal);
      for (guint i = 0; i < keys->len; i++)
        g_hash_table_add (changed, &g_array_index (keys, gint64, i));
    }
  for (guint i = 0; !ours && i < self->keys->len; i++)
    ours = g_hash_table_contains (changed, &g_array_index (self->keys, gint64, i));
  if (ours)
    queue_load (self);
}

/* Lets go of what is shown. */
static void
forget (AcFlyout *self)
{
  g_clear_handle_id (&self->load_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  g_clear_object (&self->action);
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_clear_object (&self->source);
  g_clear_pointer (&self->keys, g_array_unref);
  g_clear_pointer (&self->deciding, g_array_unref);
  g_clear_pointer (&self->summary, ac_action_summary_free);
  g_clear_object (&self->run);
}

static void
set_content (AcFlyout *self, AcFlyoutContent content)
{
  self->content = content;
  /* Whoever comes back to an action begins at the top. */
  if (content != AC_FLYOUT_ONE)
    ac_action_details_set_action (self->action_details, NULL);
  ac_decision_bar_clear_comment (self->decision_bar);
  ac_decision_bar_set_n_actions (self->decision_bar,
                                 content == AC_FLYOUT_SEVERAL ? self->keys->len : 1);
  ac_decision_bar_set_investigation (self->decision_bar, NULL);
  ac_decision_bar_set_instances (self->decision_bar, 0);
  update_title (self);
  update_progress (self);
  /* From one action to the next what has the focus must not be hidden for a moment. */
  if (content == AC_FLYOUT_ONE && ac_action_item_get_action (self->item) != NULL)
    return;
  ac_flyout_update_choices (self);
  show_page (self);
}

static void
decide_cb (AcFlyout *self, guint decision, const char *comment)
{
  ac_flyout_decide (self, (AcDecision)decision, comment);
}

/* The person has seen the number of messages, and says yes to it. */
static void
confirm_cb (AcFlyout *self)
{
  g_autoptr (AcOperationRun) refused = NULL;

  if (self->decisions == NULL || self->run == NULL)
    return;
  refused = g_object_ref (self->run);
  ac_decisions_confirm (self->decisions, refused);
}

static void
undo_instances_cb (AcFlyout *self, const char *comment)
{
  if (self->decisions != NULL && self->content == AC_FLYOUT_ONE && self->action != NULL)
    ac_decisions_undo_instances (self->decisions, ac_action_get_id (self->action), comment);
}

/* A decision was submitted: by this flyout, by a toast, or with Ctrl+Z. */
static void
run_cb (AcFlyout *self)
{
  AcOperationRun *run = ac_decisions_get_run (self->decisions);
  const char *const *ids = run != NULL ? ac_operation_run_get_action_ids (run) : NULL;

  if (run == NULL || self->submits_earlier)
    return;
  if (self->content == AC_FLYOUT_ONE && self->action != NULL && ids[1] == NULL &&
      strcmp (ids[0], ac_action_get_id (self->action)) == 0)
    {
      /* It is about more than what is shown here. */
      if (ac_operation_run_includes_instances (run) && !self->single)
        {
          ac_flyout_show_run (self, run);
          return;
        }
      g_set_object (&self->run, run);
      update_progress (self);
      ac_flyout_update_choices (self);
    }
  else if (self->content == AC_FLYOUT_SEVERAL || self->content == AC_FLYOUT_OPERATION)
    ac_flyout_show_run (self, run);
}

static void
progress_cb (AcFlyout *self, AcOperationRun *run)
{
  if (run != self->run)
    return;
  update_progress (self);
  ac_flyout_update_choices (self);
}

static void
finished_cb (AcFlyout *self, AcOperationRun *run)
{
  if (run != self->run || self->content != AC_FLYOUT_ONE)
    return;
  if (ac_operation_run_get_state (run) == AC_OPERATION_RUN_FINISHED)
    ac_decision_bar_clear_comment (self->decision_bar);
  queue_load (self);
}

/* Also while it is under way the status, and who decided, are told. */
static void
run_changed_cb (AcFlyout *self, AcOperationRun *run)
{
  progress_cb (self, run);
  if (run == self->run && self->content == AC_FLYOUT_ONE &&
      ac_operation_run_get_state (run) == AC_OPERATION_RUN_RUNNING)
    queue_load (self);
}

void
ac_flyout_emit_narrow (AcFlyout *self, GArray *keys)
{
  g_signal_emit (self, signals[NARROW], 0, keys);
}

static void
narrow_to_type_cb (AcFlyout *self, const char *type)
{
  ac_flyout_narrow (self, type, AC_DECISION_UNKNOWN);
}

static void
narrow_to_decision_cb (AcFlyout *self, guint decision)
{
  ac_flyout_narrow (self, NULL, (AcDecision)decision);
}

static void
close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[CLOSE], 0);
}

static void
step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[STEP], 0, strcmp (name, "flyout.next") == 0 ? 1 : -1);
}

/* What of one action has failed is tried again, and nothing else of it. */
static void
retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_flyout_decide (AC_FLYOUT (widget), AC_DECISION_RETRY, NULL);
}

static void
ac_flyout_dispose (GObject *object)
{
  AcFlyout *self = AC_FLYOUT (object);

  forget (self);
  if (self->decisions != NULL)
    g_signal_handlers_disconnect_by_data (self->decisions, self);
  g_clear_object (&self->decisions);
  g_clear_object (&self->targets);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_flyout_parent_class)->dispose (object);
}

static void
ac_flyout_class_init (AcFlyoutClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_flyout_dispose;
  widget_class->map = ac_flyout_map;

  signals[CLOSE] = g_signal_new ("close", AC_TYPE_FLYOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  signals[STEP] = g_signal_new ("step", AC_TYPE_FLYOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_INT);
  signals[NARROW] = g_signal_new ("narrow", AC_TYPE_FLYOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ARRAY);

  gtk_widget_class_set_template_from_resource (widget_class, AC_UI_RESOURCE_PATH "/ac-flyout.ui");
  ac_ui_bind_spinner (widget_class);
  gtk_widget_class_bind_template_child (widget_class, AcFlyout, box);
  gtk_widget_class_bind_template_child (widget_class, AcFlyout, header);
  gtk_widget_class_bind_template_child (widget_class, AcFlyout, title);
  gtk_widget_class_bind_template_child (widget_class, AcFlyout, position);
  gtk_widget_class_bind_template_child (widget_class, AcFlyout, stack);
  gtk_widget_class_bind_template_child (widget_class, AcFlyout, action_details);
  gtk_widget_class_bind_template_child (widget_class, AcFlyout, selection_details);
  gtk_widget_class_bind_template_child (widget_class, AcFlyout, operation_details);
  gtk_widget_class_bind_template_child (widget_class, AcFlyout, decision_bar);
  gtk_widget_class_bind_template_callback (widget_class, decide_cb);
  gtk_widget_class_bind_template_callback (widget_class, confirm_cb);
  gtk_widget_class_bind_template_callback (widget_class, ac_flyout_undo_some);
  gtk_widget_class_bind_template_callback (widget_class, undo_instances_cb);
  gtk_widget_class_bind_template_callback (widget_class, narrow_to_type_cb);
  gtk_widget_class_bind_template_callback (widget_class, narrow_to_decision_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "acflyout");

  gtk_widget_class_install_action (widget_class, "flyout.close", NULL, close_action);
  gtk_widget_class_install_action (widget_class, "flyout.previous", NULL, step_action);
  gtk_widget_class_install_action (widget_class, "flyout.next", NULL, step_action);
  gtk_widget_class_install_action (widget_class, "flyout.retry", NULL, retry_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "flyout.close", NULL);
}

/* The scrolled parts inside would use these keys for themselves. */
static void
add_step_keys (AcFlyout *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Down, GDK_CONTROL_MASK),
                        gtk_named_action_new ("flyout.next")));
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Up, GDK_CONTROL_MASK),
                        gtk_named_action_new ("flyout.previous")));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
zone_cb (GObject *object)
{
  ac_flyout_update_choices (AC_FLYOUT (object));
}

static void
ac_flyout_init (AcFlyout *self)
{
  ac_time_text_follow (self, zone_cb);
  g_type_ensure (AC_TYPE_ACTION_DETAILS);
  g_type_ensure (AC_TYPE_SELECTION_DETAILS);
  g_type_ensure (AC_TYPE_OPERATION_DETAILS);
  g_type_ensure (AC_TYPE_DECISION_BAR);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "pane");
  add_step_keys (self);
  self->targets = ac_targets_loader_new (ac_action_details_get_targets_view (self->action_details));
  ac_flyout_set_position (self, GTK_INVALID_LIST_POSITION, 0, FALSE, FALSE);
  set_content (self, AC_FLYOUT_NOTHING);
}

/**
 * ac_flyout_set_decisions:
 * @decisions: (nullable): takes the decisions
 */
void
ac_flyout_set_decisions (AcFlyout *self, AcDecisions *decisions)
{
  g_return_if_fail (AC_IS_FLYOUT (self));

  if (self->decisions != NULL)
    g_signal_handlers_disconnect_by_data (self->decisions, self);
  g_set_object (&self->decisions, decisions);
  if (decisions != NULL)
    {
      g_signal_connect_swapped (decisions, "notify::run", G_CALLBACK (run_cb), self);
      g_signal_connect_swapped (decisions, "progress", G_CALLBACK (run_changed_cb), self);
      g_signal_connect_swapped (decisions, "finished", G_CALLBACK (finished_cb), self);
    }
  ac_flyout_update_choices (self);
}

/**
 * ac_flyout_set_single:
 *
 * Says whether it stays with the action that it is given, with no way to others.
 */
void
ac_flyout_set_single (AcFlyout *self, gboolean single)
{
  g_return_if_fail (AC_IS_FLYOUT (self));

  self->single = single;
  gtk_widget_set_visible (self->header, !single);
}

AcFlyoutContent
ac_flyout_get_content (AcFlyout *self)
{
  g_return_val_if_fail (AC_IS_FLYOUT (self), AC_FLYOUT_NOTHING);

  return self->content;
}

/**
 * ac_flyout_clear:
 *
 * Shows nothing any more.
 */
void
ac_flyout_clear (AcFlyout *self)
{
  g_return_if_fail (AC_IS_FLYOUT (self));

  forget (self);
  ac_operation_details_set_run (self->operation_details, NULL, NULL);
  set_content (self, AC_FLYOUT_NOTHING);
}

/**
 * ac_flyout_show_item:
 * @item: one action; it is followed for as long as it is shown, in the list or not
 */
void
ac_flyout_show_item (AcFlyout *self, AcActionItem *item)
{
  g_return_if_fail (AC_IS_FLYOUT (self));
  g_return_if_fail (AC_IS_ACTION_ITEM (item));

  if (self->content == AC_FLYOUT_ONE && self->item == item)
    return;
  g_object_ref (item);
  forget (self);
  self->item = item;
  g_signal_connect_swapped (item, "notify::action", G_CALLBACK (item_action_cb), self);
  set_content (self, AC_FLYOUT_ONE);
  self->item_version = ac_action_item_get_action (item) != NULL
                           ? ac_action_get_version (ac_action_item_get_action (item))
                           : 0;
  set_action (self, ac_action_item_get_action (item));
  queue_load (self);
}

/**
 * ac_flyout_show_keys:
 * @keys: of guint64: the actions that are selected, more than one; not to be changed from now on
 */
void
ac_flyout_show_keys (AcFlyout *self, AcActionSource *source, GArray *keys)
{
  g_return_if_fail (AC_IS_FLYOUT (self));
  g_return_if_fail (AC_IS_ACTION_SOURCE (source));
  g_return_if_fail (keys != NULL && keys->len > 0);

  g_object_ref (source);
  g_array_ref (keys);
  forget (self);
  self->source = source;
  self->keys = keys;
  g_signal_connect_swapped (source, "changed", G_CALLBACK (source_changed_cb), self);
  set_content (self, AC_FLYOUT_SEVERAL);
  queue_load (self);
}

/**
 * ac_flyout_show_run:
 *
 * Shows a decision and how it goes.
 */
void
ac_flyout_show_run (AcFlyout *self, AcOperationRun *run)
{
  gboolean had_focus;

  g_return_if_fail (AC_IS_FLYOUT (self));
  g_return_if_fail (AC_IS_OPERATION_RUN (run));
  g_return_if_fail (self->decisions != NULL);

  had_focus = gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;
  g_object_ref (run);
  forget (self);
  self->run = run;
  ac_operation_details_set_run (self->operation_details, self->decisions, run);
  set_content (self, AC_FLYOUT_OPERATION);
  /* The button that was pressed is gone; the focus must not fall among the rows. */
  if (had_focus)
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

/**
 * ac_flyout_set_bare:
 * @bare: whether it takes its place only, and shows nothing yet
 */
void
ac_flyout_set_bare (AcFlyout *self, gboolean bare)
{
  g_return_if_fail (AC_IS_FLYOUT (self));

  gtk_widget_set_visible (GTK_WIDGET (self->box), !bare);
}

/**
 * ac_flyout_set_position:
 * @position: of the action shown in the list, from 0; GTK_INVALID_LIST_POSITION: it is not there
 * @n_items: how many there are
 * @back: whether one stands before it
 * @forward: whether one stands after it
 *
 * Says where in the list one is, and which ways there are.
 */
void
ac_flyout_set_position (AcFlyout *self,
                        guint position,
                        guint n_items,
                        gboolean back,
                        gboolean forward)
{
  g_autofree char *number = NULL;
  g_autofree char *total = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (AC_IS_FLYOUT (self));

  if (position != GTK_INVALID_LIST_POSITION)
    {
      number = ac_wording_number ((guint64)position + 1);
      total = ac_wording_number (n_items);
      /* Translators: where in a list one is: two numbers */
      text = g_strdup_printf (_ ("%1$s of %2$s"), number, total);
    }
  gtk_label_set_text (self->position, text != NULL ? text : "");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "flyout.previous", back);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "flyout.next", forward);
}

/**
 * ac_flyout_focus_decision:
 * @decision: as the wire spells it, or “comment”
 *
 * Moves the focus to the button of @decision, or to where a comment is written for the next one.
 *
 * Returns: whether it may be used.
 */
gboolean
ac_flyout_focus_decision (AcFlyout *self, const char *decision)
{
  g_return_val_if_fail (AC_IS_FLYOUT (self), FALSE);

  if (g_strcmp0 (decision, "comment") == 0)
    return ac_decision_bar_focus_comment (self->decision_bar);
  return ac_decision_bar_focus (self->decision_bar, ac_decision_parse (decision));
}

/**
 * ac_flyout_is_deciding:
 *
 * Returns: whether it shows something about which this window has submitted a decision; then it
 * stays, though the action leaves the list.
 */
gboolean
ac_flyout_is_deciding (AcFlyout *self)
{
  g_return_val_if_fail (AC_IS_FLYOUT (self), FALSE);

  return self->run != NULL;
}

/**
 * ac_flyout_set_offline:
 *
 * While the service does not answer, nothing can be decided here.
 */
void
ac_flyout_set_offline (AcFlyout *self, gboolean offline)
{
  g_return_if_fail (AC_IS_FLYOUT (self));

  if (self->offline == offline)
    return;
  self->offline = offline;
  ac_flyout_update_choices (self);
  update_progress (self);
  ac_operation_details_update_offline (self->operation_details);
}
