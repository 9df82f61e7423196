/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/ac-undo-contract.h"
#include "window/ac-accessible.h"
#include "window/ac-button-row.h"
#include "window/ac-compat.h"
#include "window/ac-fact-row.h"
#include "window/ac-take-action-window.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

/* More messages are one action on a cluster, which the service takes as a proposal only. */
#define MOST_SINGLE 100

struct _AcTakeActionWindow
{
  AdwWindow parent_instance;

  GtkStack *stack;
  GtkLabel *step_what;
  GtkCheckButton *soft_delete;
  GtkCheckButton *quarantine;
  GtkLabel *quarantine_reason;
  GtkCheckButton *selected;
  GtkLabel *selected_note;
  GtkCheckButton *query;
  GtkLabel *query_reason;
  GtkEntry *name;
  GtkEntry *description;
  GtkDropDown *verdict;
  GtkCheckButton *propose;
  GtkCheckButton *take;
  GtkLabel *take_reason;
  GtkLabel *scope;
  GtkBox *facts;
  GtkSpinner *spinner;
  GtkLabel *result;
  GtkLabel *result_note;
  GtkLabel *error;
  GtkWidget *cancel;
  GtkWidget *back;
  GtkWidget *next;
  GtkWidget *show;

  AcSession *session;
  AcMailQuery *search;       /* what was searched for */
  guint n_found;             /* by it, so far */
  gboolean search_is_whole;  /* all mailboxes were searched to their end */
  GHashTable *by_id;         /* Message-ID → GPtrArray of mailboxes; of what is acted on */
  GHashTable *entities;      /* Message-ID → AcEntity */
  GHashTable *mailbox_names; /* set of all mailboxes in by_id */
  guint n_pairs;             /* messages, each once a mailbox */
  guint n_without_id;
  guint n_recoverable;
  char *key;           /* the Idempotency-Key of what the review shows */
  char *investigation; /* nullable: what was made of it */
  char *cluster;       /* nullable: the action in it that the person may approve when it is counted */
  char *only;          /* nullable: the action in it, where that is one */
  GCancellable *cancellable;
  gboolean is_sending;
};

G_DEFINE_FINAL_TYPE (AcTakeActionWindow, ac_take_action_window, ADW_TYPE_WINDOW)

static void update (AcTakeActionWindow *self);

static const char *
get_page (AcTakeActionWindow *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

static char *
get_text (GtkEntry *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
}

static void
set_line (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static void
show_step (AcTakeActionWindow *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->stack, page);
  update (self);
}

/* --- what is chosen --- */

static gboolean
takes_query (AcTakeActionWindow *self)
{
  return gtk_check_button_get_active (self->query);
}

/* One action on a cluster instead of one a message. */
static gboolean
is_cluster (AcTakeActionWindow *self)
{
  return takes_query (self) || g_hash_table_size (self->by_id) > MOST_SINGLE;
}

static AcActionType
get_action_type (AcTakeActionWindow *self)
{
  if (gtk_check_button_get_active (self->quarantine) && !is_cluster (self))
    return AC_ACTION_TYPE_QUARANTINE_EMAIL;
  return is_cluster (self) ? AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER
                           : AC_ACTION_TYPE_SOFT_DELETE_EMAIL;
}

static const char *
get_verdict (AcTakeActionWindow *self)
{
  static const AcVerdict verdicts[] = { AC_VERDICT_MALICIOUS, AC_VERDICT_SUSPICIOUS,
                                        AC_VERDICT_NO_THREATS_FOUND };
  guint selected = gtk_drop_down_get_selected (self->verdict);

  return ac_vocabulary_wire (AC_VOCABULARY_VERDICT,
                             (int)verdicts[MIN (selected, G_N_ELEMENTS (verdicts) - 1)]);
}

static gboolean
takes_directly (AcTakeActionWindow *self)
{
  return gtk_check_button_get_active (self->take);
}

/* --- what can be chosen --- */

static const char *
why_no_query (AcTakeActionWindow *self)
{
  if (!ac_mail_query_is_cluster (self->search))
    return _ ("Not for this search: recipients, parts of a subject and times are no part of a "
              "cluster. Select the messages instead.");
  return NULL;
}

static const char *
why_no_quarantine (AcTakeActionWindow *self)
{
  if (takes_query (self))
    return _ ("Only for messages that are selected one by one.");
  if (g_hash_table_size (self->by_id) > MOST_SINGLE)
    return _ ("Only for up to 100 messages; more can be soft-deleted together.");
  return NULL;
}

static gboolean
may_decide (AcTakeActionWindow *self)
{
  const AcMe *me = ac_session_get_me (self->session);

  return me != NULL && ac_me_may_decide (me, ac_action_type_wire (get_action_type (self)));
}

/* Nobody approves what he has proposed himself. */
static gboolean
needs_second_person (AcTakeActionWindow *self)
{
  const AcMe *me = ac_session_get_me (self->session);

  return me != NULL && me->second_person;
}

static const char *
why_no_take (AcTakeActionWindow *self)
{
  if (!may_decide (self))
    return _ ("This needs the role Responder or Administrator.");
  if (needs_second_person (self))
    return _ (
        "This service asks for a second person: somebody else must approve what you propose.");
  if (is_cluster (self))
    return _ ("So many messages are counted first, and approved when they are counted.");
  return NULL;
}

/* @reason: (nullable): why it cannot be chosen */
static void
offer (GtkCheckButton *button, GtkLabel *label, const char *reason, GtkCheckButton *instead)
{
  gtk_widget_set_sensitive (GTK_WIDGET (button), reason == NULL);
  set_line (label, reason);
  if (reason != NULL && gtk_check_button_get_active (button))
    gtk_check_button_set_active (instead, TRUE);
}

/* What Enter presses. What is done at once is pressed on purpose: an Enter too many on the way there must
 * not do it. */
static void
update_default (AcTakeActionWindow *self)
{
  const char *page = get_page (self);
  GtkWidget *button = self->next;

  if (g_strcmp0 (page, "result") == 0)
    button = self->investigation != NULL ? self->show : NULL;
  else if (g_strcmp0 (page, "review") == 0 && takes_directly (self))
    button = NULL;
  gtk_window_set_default_widget (GTK_WINDOW (self), button);
}

static void
update (AcTakeActionWindow *self)
{
  const char *page;
  g_autofree char *name = NULL;
  gboolean is_review;
  gboolean is_result;

  /* Not whole yet. */
  if (self->session == NULL)
    return;
  page = get_page (self);
  name = get_text (self->name);
  is_review = g_strcmp0 (page, "review") == 0;
  is_result = g_strcmp0 (page, "result") == 0;
  offer (self->query, self->query_reason, why_no_query (self), self->selected);
  if (g_hash_table_size (self->by_id) == 0)
    offer (self->selected, self->selected_note,
           _ ("None of the selected messages can be acted on: each was soft-deleted already or has "
              "no Message-ID."),
           self->query);
  offer (self->quarantine, self->quarantine_reason, why_no_quarantine (self), self->soft_delete);
  offer (self->take, self->take_reason, why_no_take (self), self->propose);
  gtk_widget_set_visible (self->back, !is_result && g_strcmp0 (page, "what") != 0);
  gtk_widget_set_visible (self->next, !is_result);
  gtk_widget_set_visible (self->show, is_result && self->investigation != NULL);
  gtk_button_set_label (GTK_BUTTON (self->cancel),
                        self->investigation != NULL ? _ ("Close") : _ ("Cancel"));
  gtk_button_set_label (GTK_BUTTON (self->next), !is_review              ? _ ("Next")
                                                 : takes_directly (self) ? _ ("Take action")
                                                                         : _ ("Propose"));
  gtk_spinner_set_spinning (self->spinner, self->is_sending);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->is_sending);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "take-action.next",
                                 !self->is_sending &&
                                     (takes_query (self) || g_hash_table_size (self->by_id) > 0) &&
                                     (g_strcmp0 (page, "name") != 0 || *name != '\0'));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "take-action.back", !self->is_sending);
  update_default (self);
}

/* --- the request --- */

static JsonObject *
action_new (AcTakeActionWindow *self, JsonObject *entity, const char *const *assets)
{
  JsonObject *action = json_object_new ();
  g_autofree char *description = get_text (self->description);

  ac_json_set_string (action, "type", ac_action_type_wire (get_action_type (self)));
  ac_json_set_string (action, "verdict", get_verdict (self));
  if (*description != '\0')
    ac_json_set_string (action, "reason", description);
  json_object_set_object_member (action, "entity", entity);
  ac_json_set_strings (action, "assets", assets);
  return action;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* (transfer container): the keys, in their order, with NULL at the end */
static GPtrArray *
sorted_keys (GHashTable *table)
{
  GPtrArray *keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, key);
  g_ptr_array_sort (keys, compare_texts);
  g_ptr_array_add (keys, NULL);
  return keys;
}

static JsonObject *
cluster_action (AcTakeActionWindow *self)
{
  const char *all[] = { AC_CLUSTER_ALL_MAILBOXES, NULL };
  g_autofree char *name = get_text (self->name);
  g_autoptr (GPtrArray) ids = sorted_keys (self->by_id);
  g_autoptr (GPtrArray) names = sorted_keys (self->mailbox_names);
  g_autoptr (AcEntity) entity = NULL;
  JsonObject *object;

  if (takes_query (self))
    {
      entity = ac_mail_query_to_entity (self->search, name);
      return action_new (
          self, ac_entity_to_json (entity),
          self->search->mailboxes != NULL ? (const char *const *)self->search->mailboxes : all);
    }
  object = json_object_new ();
  ac_json_set_string (object, "type", ac_entity_type_wire (AC_ENTITY_TYPE_EMAIL_CLUSTER));
  ac_json_set_string (object, "name", name);
  ac_json_set_strings (object, "messageIds", (const char *const *)ids->pdata);
  return action_new (self, object, (const char *const *)names->pdata);
}

static JsonObject *
make_request (AcTakeActionWindow *self)
{
  JsonObject *request = json_object_new ();
  JsonArray *actions = json_array_new ();
  g_autofree char *name = get_text (self->name);
  g_autofree char *description = get_text (self->description);
  g_autoptr (GPtrArray) ids = sorted_keys (self->by_id);

  ac_json_set_string (request, "name", name);
  if (*description != '\0')
    ac_json_set_string (request, "description", description);
  ac_json_set_string (request, "decision", takes_directly (self) ? "take" : "propose");
  if (is_cluster (self))
    json_array_add_object_element (actions, cluster_action (self));
  else
    for (guint i = 0; i + 1 < ids->len; i++)
      {
        GPtrArray *mailboxes = g_hash_table_lookup (self->by_id, ids->pdata[i]);
        AcEntity *entity = g_hash_table_lookup (self->entities, ids->pdata[i]);

        json_array_add_object_element (actions, action_new (self, ac_entity_to_json (entity),
                                                            (const char *const *)mailboxes->pdata));
      }
  json_object_set_array_member (request, "actions", actions);
  return request;
}

/* --- the review --- */

static void
clear_facts (AcTakeActionWindow *self)
{
  GtkWidget *row;

  /* The keyboard must not be in what is taken away. */
  if (gtk_widget_get_focus_child (GTK_WIDGET (self->facts)) != NULL)
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->facts))) != NULL)
    gtk_box_remove (self->facts, row);
}

static char *
scope_words (AcTakeActionWindow *self)
{
  g_autofree char *scope =
      ac_wording_scope (self->n_pairs, g_hash_table_size (self->mailbox_names));

  if (takes_query (self))
    {
      g_autofree char *found = ac_wording_messages (self->n_found);

      if (self->search_is_whole)
        return g_strdup_printf (_ ("Everything like the search, of which %s were found"), found);
      return g_strdup_printf (
          _ ("Everything like the search, of which %s were found before it ended early: there "
             "may be many more"),
          found);
    }
  if (get_action_type (self) == AC_ACTION_TYPE_QUARANTINE_EMAIL)
    /* Translators: “3 messages in 2 mailboxes” */
    return g_strdup_printf (_ ("Quarantines %s"), scope);
  return g_strdup_printf (_ ("Soft-deletes %s"), scope);
}

static char *
untouched_words (AcTakeActionWindow *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!takes_query (self) && self->n_recoverable > 0)
    g_string_append_printf (text,
                            ngettext ("%u selected message that was soft-deleted already. ",
                                      "%u selected messages that were soft-deleted already. ",
                                      self->n_recoverable),
                            self->n_recoverable);
  if (!takes_query (self) && self->n_without_id > 0)
    g_string_append_printf (text,
                            ngettext ("%u selected message without a Message-ID. ",
                                      "%u selected messages without a Message-ID. ",
                                      self->n_without_id),
                            self->n_without_id);
  if (takes_query (self))
    g_string_append (text,
                     _ ("Messages without a Message-ID, and what comes after the approval. "));
  else
    g_string_append (text,
                     _ ("Messages that were found and not selected, unless they are copies of "
                        "selected ones in the same mailbox. "));
  g_string_append (text, _ ("Copies in quarantine and outside the organisation."));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_review (AcTakeActionWindow *self)
{
  AcUndoContract contract;
  g_autofree char *scope = scope_words (self);
  g_autofree char *untouched = untouched_words (self);
  g_autofree char *name = get_text (self->name);
  g_autofree char *description = get_text (self->description);

  gtk_label_set_text (self->scope, scope);
  clear_facts (self);
  ac_fact_row_append (self->facts, _ ("Name"), name);
  if (*description != '\0')
    ac_fact_row_append (self->facts, _ ("Description"), description);
  ac_fact_row_append (self->facts, _ ("Your verdict"),
                      ac_vocabulary_label (AC_VOCABULARY_VERDICT, get_verdict (self)));
  ac_fact_row_append (
      self->facts, _ ("Who decides"),
      takes_directly (self) ? _ ("You do, now. It can be undone afterwards.")
      : needs_second_person (self)
          ? _ ("Somebody else who may approve it under Pending. Nothing happens before.")
          : _ ("Somebody who may approve it under Pending. Nothing happens before."));
  ac_fact_row_append (self->facts, _ ("What is touched"),
                      is_cluster (self)
                          ? _ ("The messages that are counted before the approval, all copies of "
                               "each in the mailboxes; only those that were seen are moved.")
                          : _ ("All copies of each message in its mailbox, in whatever folder."));
  ac_fact_row_append (self->facts, _ ("What is not touched"), untouched);
  if (ac_undo_contract_find (get_action_type (self), &contract))
    {
      ac_fact_row_append (self->facts, _ ("Undo brings back"), contract.brings_back);
      ac_fact_row_append (self->facts, _ ("Until when"), contract.until);
      ac_fact_row_append (self->facts, _ ("Undo cannot bring back"), contract.cannot);
    }
  g_free (self->key);
  self->key = g_uuid_string_random ();
}

/* --- sending --- */

static void
sent_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcTakeActionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcProposalAnswer) answer =
      ac_api_propose_finish (AC_API (source_object), result, &error);
  GPtrArray *actions;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->is_sending = FALSE;
  if (answer == NULL)
    {
      /* The same key goes with the same review: to send it again does the work once. */
      set_line (self->error, error->message);
      ac_compat_announce (GTK_WIDGET (self), error->message);
      show_step (self, "review");
      return;
    }
  self->investigation = g_strdup (ac_investigation_get_id (answer->investigation));
  actions = ac_investigation_get_actions (answer->investigation);
  if (actions->len == 1)
    self->only = g_strdup (ac_action_get_id (actions->pdata[0]));
  if (is_cluster (self) && may_decide (self) && !needs_second_person (self) && actions->len > 0)
    self->cluster = g_strdup (ac_action_get_id (actions->pdata[0]));
  gtk_button_set_label (GTK_BUTTON (self->show), self->cluster != NULL
                                                     ? _ ("Approve when counted…")
                                                     : _ ("Show the actions"));
  gtk_label_set_text (self->result, answer->operation != NULL ? _ ("The actions are under way")
                                                              : _ ("The actions are proposed"));
  set_line (self->result_note,
            answer->operation != NULL
                ? _ ("They can be taken back while they wait, and undone afterwards.")
            : self->cluster != NULL
                ? _ ("The messages are being counted. When they are, you see how many and can approve "
                     "them.")
            : is_cluster (self)
                ? _ ("The messages are being counted. When they are, somebody who may can approve "
                     "them under Pending.")
                : _ ("They wait under Pending for somebody who may approve them."));
  ac_compat_announce (GTK_WIDGET (self), gtk_label_get_text (self->result));
  update (self);
  gtk_widget_grab_focus (self->show);
}

static void
send (AcTakeActionWindow *self)
{
  AcApi *api = ac_session_get_api (self->session);
  g_autoptr (JsonObject) request = NULL;

  if (api == NULL)
    {
      set_line (self->error, _ ("There is no connection to the service. Connect, then try again."));
      return;
    }
  request = make_request (self);
  self->is_sending = TRUE;
  gtk_label_set_text (self->result, _ ("Sending…"));
  set_line (self->result_note, NULL);
  show_step (self, "result");
  ac_api_propose_async (api, request, self->key, self->cancellable, sent_cb, g_object_ref (self));
}

/* --- steps --- */

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcTakeActionWindow *self = AC_TAKE_ACTION_WINDOW (widget);
  const char *page = get_page (self);

  set_line (self->error, NULL);
  if (g_strcmp0 (page, "review") == 0)
    {
      send (self);
      return;
    }
  if (g_strcmp0 (page, "name") == 0)
    show_review (self);
  show_step (self, g_strcmp0 (page, "what") == 0 ? "name" : "review");
  if (g_strcmp0 (page, "what") == 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->name));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcTakeActionWindow *self = AC_TAKE_ACTION_WINDOW (widget);

  set_line (self->error, NULL);
  show_step (self, g_strcmp0 (get_page (self), "review") == 0 ? "name" : "what");
}

static void
show_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcTakeActionWindow *self = AC_TAKE_ACTION_WINDOW (widget);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  /* One action stands where it can be taken back and undone. */
  if (parent != NULL && (self->cluster != NULL || self->only != NULL))
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-action", "s",
                                self->cluster != NULL ? self->cluster : self->only);
  else if (parent != NULL && self->investigation != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.open-investigation", "s",
                                self->investigation);
  gtk_window_close (GTK_WINDOW (self));
}

/* A check button would take Enter for itself, as it does the space bar. */
static gboolean
key_cb (AcTakeActionWindow *self, guint key)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter && key != GDK_KEY_ISO_Enter) ||
      !GTK_IS_CHECK_BUTTON (focus))
    return GDK_EVENT_PROPAGATE;
  gtk_widget_activate_default (focus);
  return GDK_EVENT_STOP;
}

static void
ac_take_action_window_dispose (GObject *object)
{
  AcTakeActionWindow *self = AC_TAKE_ACTION_WINDOW (object);

  /* What was sent is sent; only the answer is not waited for. */
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->search, ac_mail_query_free);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->entities, g_hash_table_unref);
  g_clear_pointer (&self->mailbox_names, g_hash_table_unref);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->investigation, g_free);
  g_clear_pointer (&self->cluster, g_free);
  g_clear_pointer (&self->only, g_free);
  G_OBJECT_CLASS (ac_take_action_window_parent_class)->dispose (object);
}

static void
ac_take_action_window_class_init (AcTakeActionWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_take_action_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-take-action-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, step_what);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, soft_delete);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, quarantine);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, quarantine_reason);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, selected);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, selected_note);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, query);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, query_reason);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, name);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, description);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, verdict);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, propose);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, take);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, take_reason);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, scope);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, facts);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, result);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, result_note);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, error);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, cancel);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, back);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, next);
  gtk_widget_class_bind_template_child (widget_class, AcTakeActionWindow, show);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_install_action (widget_class, "take-action.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "take-action.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "take-action.show", NULL, show_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ac_take_action_window_init (AcTakeActionWindow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->cancellable = g_cancellable_new ();
  self->by_id =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  self->entities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->mailbox_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_type_ensure (AC_TYPE_BUTTON_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  ac_accessible_name_choice (GTK_WIDGET (self->verdict), _ ("Your verdict"));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->stack), keys);
}

static void
add_message (AcTakeActionWindow *self, AcFoundMessage *message)
{
  const char *id = ac_found_message_get_message_id (message);
  const char *mailbox = ac_found_message_get_mailbox (message);
  GPtrArray *mailboxes;

  if (ac_found_message_get_recoverable (message))
    {
      self->n_recoverable++;
      return;
    }
  if (id == NULL)
    {
      self->n_without_id++;
      return;
    }
  mailboxes = g_hash_table_lookup (self->by_id, id);
  if (mailboxes == NULL)
    {
      mailboxes = g_ptr_array_new_null_terminated (1, g_free, TRUE);
      g_hash_table_insert (self->by_id, g_strdup (id), mailboxes);
      g_hash_table_insert (self->entities, g_strdup (id), ac_found_message_to_entity (message));
    }
  g_hash_table_add (self->mailbox_names, g_strdup (mailbox));
  /* Another copy in the same mailbox is the same message. */
  if (g_ptr_array_find_with_equal_func (mailboxes, mailbox, g_str_equal, NULL))
    return;
  g_ptr_array_add (mailboxes, g_strdup (mailbox));
  self->n_pairs++;
}

/**
 * ac_take_action_window_new:
 * @parent: what it stands over
 * @messages: (element-type AcFoundMessage): those that are selected
 * @search: what has found them
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
GtkWindow *
ac_take_action_window_new (GtkWindow *parent,
                           AcSession *session,
                           GPtrArray *messages,
                           AcMessageSearch *search)
{
  AcTakeActionWindow *self =
      g_object_new (AC_TYPE_TAKE_ACTION_WINDOW, "transient-for", parent, NULL);
  g_autofree char *words = ac_wording_messages (messages->len);
  g_autofree char *text = NULL;
  const char *subject = ac_found_message_get_subject (messages->pdata[0]);

  self->search = ac_mail_query_copy (ac_message_search_get_query (search));
  self->n_found = g_list_model_get_n_items (ac_message_search_get_messages (search));
  self->search_is_whole = ac_message_search_get_state (search) == AC_MESSAGE_SEARCH_FINISHED &&
                          ac_message_search_get_failed (search)->len == 0 &&
                          ac_message_search_get_cut (search)->len == 0;
  for (guint i = 0; i < messages->len; i++)
    add_message (self, messages->pdata[i]);
  text = g_strdup_printf (_ ("%s selected"), words);
  gtk_label_set_text (self->step_what, text);
  gtk_check_button_set_active (self->soft_delete, TRUE);
  gtk_check_button_set_active (self->selected, TRUE);
  gtk_check_button_set_active (self->propose, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->name), subject != NULL ? subject : "");
  self->session = g_object_ref (session);
  update (self);
  return GTK_WINDOW (self);
}
