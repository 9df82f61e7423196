/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-time.h"
#include "model/ac-transition.h"
#include "model/ac-undo-contract.h"
#include "window/ac-action-details.h"
#include "window/ac-badge.h"
#include "window/ac-between-frames.h"
#include "window/ac-entity-actions.h"
#include "window/ac-entity-facts.h"
#include "window/ac-fact-row.h"
#include "window/ac-message-view.h"
#include "window/ac-related-view.h"
#include "window/ac-results-view.h"
#include "window/ac-targets-view.h"
#include "window/ac-time-text.h"
#include "window/ac-timeline-row.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcActionDetails
{
  GtkWidget parent_instance;

  GtkScrolledWindow *scrolled_window;
  AcEntityActions *entity_actions;
  GtkBox *content;
  GtkLabel *type;
  GtkLabel *details;
  AcBadge *status;
  AcBadge *verdict;
  GtkLabel *reason;
  GtkWidget *reason_section;
  GtkBox *facts;
  GtkWidget *entity_section;
  GtkLabel *entity_heading;
  GtkBox *entity_facts;
  AcResultsView *results;
  AcTargetsView *targets;
  GtkWidget *undo_section;
  GtkBox *undo_facts;
  AcMessageView *message_view;
  GtkBox *timeline;
  GtkWidget *timeline_section;
  AcRelatedView *related;

  AcAction *action;         /* nullable */
  AcBetweenFrames *showing; /* shows one piece of it after the other */
  guint n_shown;            /* pieces */
  AcApi *related_api;       /* nullable: to be asked once all of them are shown */
};

G_DEFINE_FINAL_TYPE (AcActionDetails, ac_action_details, GTK_TYPE_WIDGET)

static void
show_entity (AcActionDetails *self, AcAction *action)
{
  const char *type = ac_entity_get_entity_type (ac_action_get_entity (action));

  gtk_label_set_text (self->entity_heading, ac_vocabulary_label (AC_VOCABULARY_ENTITY_TYPE, type));
  ac_entity_facts_show (self->entity_facts, action);
}

static void
show_results (AcActionDetails *self, AcAction *action)
{
  GPtrArray *results = ac_action_get_results (action);
  gboolean happened = results != NULL && results->len > 0;

  ac_results_view_set_action (self->results, action);
  /* Once something has happened, that is what one wants to read first. */
  gtk_box_reorder_child_after (self->content, GTK_WIDGET (self->targets), self->reason_section);
  gtk_box_reorder_child_after (self->content, GTK_WIDGET (self->results),
                               happened ? GTK_WIDGET (self->targets) : self->entity_section);
  gtk_box_reorder_child_after (self->content, GTK_WIDGET (self->message_view),
                               happened ? GTK_WIDGET (self->results) : self->reason_section);
}

static void
show_facts (AcActionDetails *self, AcAction *action)
{
  g_autofree char *created = ac_time_text_full (ac_action_get_created_at (action));
  g_autofree char *updated = ac_time_text_full (ac_action_get_updated_at (action));
  g_autofree char *expires = NULL;
  g_autofree char *decided = ac_wording_action_decided (action);

  ac_ui_clear_box (self->facts);
  ac_fact_row_append (self->facts, _ ("Decision"), decided);
  ac_fact_row_append (self->facts, _ ("Comment"), ac_action_get_comment (action));
  ac_fact_row_append (self->facts, _ ("Undo"), ac_action_get_undo_note (action));
  ac_fact_row_append (self->facts, _ ("Investigation"), ac_action_get_investigation_title (action));
  ac_fact_row_append (self->facts, _ ("Source"),
                      ac_vocabulary_label (AC_VOCABULARY_SOURCE, ac_action_get_source (action)));
  ac_fact_row_append (self->facts, _ ("Proposed"), created);
  ac_fact_row_append (self->facts, _ ("Updated"), updated);
  if (ac_action_get_status_value (action) == AC_STATUS_PENDING)
    expires = ac_time_text_full (ac_action_get_expires_at (action));
  ac_fact_row_append (self->facts, _ ("Expires"), expires);
}

/* Said before the approval, and for as long as there may be something to undo. */
static void
show_undo (AcActionDetails *self, AcAction *action)
{
  AcUndoContract contract;
  gboolean shown =
      !ac_transition_is_final (ac_action_get_status_value (action)) &&
      ac_undo_contract_find (ac_action_type_parse (ac_action_get_action_type (action)), &contract);

  ac_ui_clear_box (self->undo_facts);
  gtk_widget_set_visible (self->undo_section, shown);
  if (!shown)
    return;
  /* Whoever is about to decide sees it without looking for it. */
  gtk_box_reorder_child_after (self->content, self->undo_section,
                               ac_action_may (action, AC_DECISION_APPROVE)
                                   ? GTK_WIDGET (self->targets)
                                   : self->entity_section);
  ac_fact_row_append (self->undo_facts, _ ("Brings back"), contract.brings_back);
  ac_fact_row_append (self->undo_facts, _ ("How long"), contract.until);
  ac_fact_row_append (self->undo_facts, _ ("Cannot bring back"), contract.cannot);
}

static void
show_timeline (AcActionDetails *self, AcAction *action)
{
  GPtrArray *timeline = ac_action_get_timeline (action);
  gboolean known = timeline != NULL && timeline->len > 0;
  GtkWidget *approval = NULL; /* the latest so far */

  ac_ui_clear_box (self->timeline);
  for (guint i = 0; known && i < timeline->len; i++)
    {
      AcTimelineEntry *entry = g_ptr_array_index (timeline, i);
      GtkWidget *row = ac_timeline_row_new (entry);
      const char *event = ac_timeline_entry_get_event (entry);

      /* The newest stands first. */
      gtk_box_prepend (self->timeline, row);
      if (g_strcmp0 (event, "undo") == 0 && approval != NULL)
        ac_timeline_row_set_undone (AC_TIMELINE_ROW (row), AC_TIMELINE_ROW (approval));
      else if (g_strcmp0 (event, "approve") == 0)
        approval = row;
    }
  gtk_widget_set_visible (self->timeline_section, known);
}

/* Who steps through a list sees at once where he is, and what can be pressed is about that. To
 * make, measure and paint all that is only read takes longer than a frame, so it comes a piece a
 * frame. */
static const struct
{
  void (*show) (AcActionDetails *self, AcAction *action);
  gsize widget; /* where in AcActionDetails the pointer to what it fills stands */
} pieces[] = {
  { show_entity, G_STRUCT_OFFSET (AcActionDetails, entity_section) },
  { show_undo, G_STRUCT_OFFSET (AcActionDetails, undo_section) },
  { show_facts, G_STRUCT_OFFSET (AcActionDetails, facts) },
  { show_timeline, G_STRUCT_OFFSET (AcActionDetails, timeline_section) },
};

static void
set_piece_seen (AcActionDetails *self, guint i, gboolean seen)
{
  GtkWidget *widget = G_STRUCT_MEMBER (GtkWidget *, self, pieces[i].widget);

  gtk_widget_set_opacity (widget, seen ? 1 : 0);
  gtk_widget_set_can_target (widget, seen);
}

/* What belongs to another action is not seen until it is replaced. */
static void
hide_pieces (AcActionDetails *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    set_piece_seen (self, i, FALSE);
  /* The last piece: nothing moves when it is away for a while. */
  gtk_widget_set_visible (self->timeline_section, FALSE);
}

/* Below the pieces, and so not before their heights are known: nothing that one may be about to click
 * is to move. */
static void
show_related (AcActionDetails *self)
{
  if (self->related_api == NULL || self->n_shown < G_N_ELEMENTS (pieces))
    return;
  ac_related_view_set_action (self->related, self->related_api, self->action);
  g_clear_object (&self->related_api);
}

static gboolean
show_piece (GtkWidget *widget)
{
  AcActionDetails *self = AC_ACTION_DETAILS (widget);
  guint i = self->n_shown++;

  pieces[i].show (self, self->action);
  set_piece_seen (self, i, TRUE);
  show_related (self);
  return self->n_shown < G_N_ELEMENTS (pieces);
}

static void
start_showing (AcActionDetails *self)
{
  if (self->action != NULL && self->n_shown < G_N_ELEMENTS (pieces) &&
      gtk_widget_get_mapped (GTK_WIDGET (self)))
    ac_between_frames_start (self->showing);
}

static void
ac_action_details_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ac_action_details_parent_class)->map (widget);
  start_showing (AC_ACTION_DETAILS (widget));
}

/* @same: a newer version of what stands there, which is as good until it is replaced */
static void
show_action (AcActionDetails *self, gboolean same)
{
  AcAction *action = self->action;
  const char *details = ac_action_get_details (action);
  const char *reason = ac_action_get_reason (action);

  gtk_label_set_text (self->type, ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE,
                                                       ac_action_get_action_type (action)));
  gtk_label_set_text (self->details, details != NULL
                                         ? details
                                         : ac_entity_get_summary (ac_action_get_entity (action)));
  ac_badge_set_status (self->status, ac_action_get_status (action));
  ac_badge_set_verdict (self->verdict, ac_action_get_verdict (action));
  gtk_label_set_text (self->reason, reason != NULL ? reason : "");
  gtk_widget_set_visible (self->reason_section, reason != NULL && *reason != '\0');
  ac_targets_view_set_action (self->targets, action);
  show_results (self, action);
  ac_message_view_set_action (self->message_view, action);
  ac_entity_actions_set_readable (self->entity_actions,
                                  ac_message_view_can_read (self->message_view));
  if (!same)
    hide_pieces (self);
  self->n_shown = 0;
  start_showing (self);
}

static void
read_message_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_message_view_read (AC_ACTION_DETAILS (widget)->message_view);
}

static void
ac_action_details_dispose (GObject *object)
{
  AcActionDetails *self = AC_ACTION_DETAILS (object);

  g_clear_pointer (&self->showing, ac_between_frames_free);
  g_clear_object (&self->action);
  g_clear_object (&self->related_api);
  g_clear_pointer ((GtkWidget **)&self->scrolled_window, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_action_details_parent_class)->dispose (object);
}

static void
ac_action_details_class_init (AcActionDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_action_details_dispose;
  widget_class->map = ac_action_details_map;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-action-details.ui");
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, entity_actions);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, type);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, details);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, status);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, verdict);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, reason);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, reason_section);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, facts);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, entity_heading);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, entity_facts);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, content);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, undo_section);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, undo_facts);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, entity_section);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, results);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, targets);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, related);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, message_view);
  gtk_widget_class_install_action (widget_class, "details.read-message", NULL,
                                   read_message_action);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, timeline);
  gtk_widget_class_bind_template_child (widget_class, AcActionDetails, timeline_section);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
zone_cb (GObject *object)
{
  AcActionDetails *self = AC_ACTION_DETAILS (object);

  if (self->action == NULL)
    return;
  ac_targets_view_set_action (self->targets, NULL);
  show_action (self, TRUE);
}

static void
ac_action_details_init (AcActionDetails *self)
{
  ac_time_text_follow (self, zone_cb);
  g_type_ensure (AC_TYPE_BADGE);
  g_type_ensure (AC_TYPE_ENTITY_ACTIONS);
  g_type_ensure (AC_TYPE_TARGETS_VIEW);
  g_type_ensure (AC_TYPE_MESSAGE_VIEW);
  g_type_ensure (AC_TYPE_RESULTS_VIEW);
  g_type_ensure (AC_TYPE_RELATED_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->showing = ac_between_frames_new (GTK_WIDGET (self), show_piece);
}

static gboolean
same_action (AcAction *a, AcAction *b)
{
  return a != NULL && b != NULL && g_strcmp0 (ac_action_get_id (a), ac_action_get_id (b)) == 0;
}

static gboolean
has_timeline (AcAction *action)
{
  GPtrArray *timeline = ac_action_get_timeline (action);

  return timeline != NULL && timeline->len > 0;
}

static void
go_to_top (AcActionDetails *self)
{
  /* What a wheel had set going when it was hidden would go on from there. */
  gtk_scrolled_window_set_kinetic_scrolling (self->scrolled_window, FALSE);
  gtk_scrolled_window_set_kinetic_scrolling (self->scrolled_window, TRUE);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled_window), 0);
}

/**
 * ac_action_details_set_action:
 * @action: (nullable): what to show
 *
 * The same action in a newer version changes what is shown, but not where one has scrolled to.
 */
void
ac_action_details_set_action (AcActionDetails *self, AcAction *action)
{
  gboolean same;

  g_return_if_fail (AC_IS_ACTION_DETAILS (self));

  same = same_action (self->action, action);
  /* A row of the list knows no timeline; it does not take away one that is already there. */
  if (same && ac_action_get_version (self->action) == ac_action_get_version (action) &&
      has_timeline (self->action) && !has_timeline (action))
    return;
  if (!g_set_object (&self->action, action))
    return;
  ac_entity_actions_set_action (self->entity_actions, action);
  if (action == NULL)
    {
      ac_between_frames_stop (self->showing);
      g_clear_object (&self->related_api);
      ac_targets_view_set_action (self->targets, NULL);
      return;
    }
  show_action (self, same);
  if (!same)
    {
      g_clear_object (&self->related_api);
      ac_related_view_set_action (self->related, NULL, NULL);
      go_to_top (self);
    }
}

/**
 * ac_action_details_set_api:
 * @api: (nullable): whom to ask for the message; %NULL: whoever sits here may not look
 */
void
ac_action_details_set_api (AcActionDetails *self, AcApi *api)
{
  g_return_if_fail (AC_IS_ACTION_DETAILS (self));

  ac_message_view_set_api (self->message_view, api);
  ac_entity_actions_set_readable (self->entity_actions,
                                  ac_message_view_can_read (self->message_view));
}

/**
 * ac_action_details_load_related:
 * @api: (nullable): whom to ask; %NULL: nobody
 *
 * Looks for actions that have to do with the one shown.
 */
void
ac_action_details_load_related (AcActionDetails *self, AcApi *api)
{
  g_return_if_fail (AC_IS_ACTION_DETAILS (self));

  g_set_object (&self->related_api, api);
  show_related (self);
}

/**
 * ac_action_details_get_action:
 *
 * Returns: (transfer none) (nullable):
 */
AcAction *
ac_action_details_get_action (AcActionDetails *self)
{
  g_return_val_if_fail (AC_IS_ACTION_DETAILS (self), NULL);

  return self->action;
}

/**
 * ac_action_details_get_targets_view:
 *
 * Returns: (transfer none): where the messages of a cluster are shown; it says by signals what it
 * wants to have loaded.
 */
AcTargetsView *
ac_action_details_get_targets_view (AcActionDetails *self)
{
  g_return_val_if_fail (AC_IS_ACTION_DETAILS (self), NULL);

  return self->targets;
}
