/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-undo-contract.h"
#include "window/ac-fact-row.h"
#include "window/ac-selection-details.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcSelectionDetails
{
  GtkWidget parent_instance;

  GtkScrolledWindow *scrolled_window;
  GtkLabel *title;
  GtkBox *shared;
  GtkWidget *differing_section;
  GtkBox *differing;
  GtkWidget *undo_section;
  GtkBox *undo_facts;
  GtkWidget *narrow_section;
  GtkLabel *narrow_text;
  GtkBox *narrow_buttons;

  GQueue pieces; /* of Piece: what is still to be shown */
  guint tick;
};

/* A row of facts, or a button that narrows the selection. */
typedef struct
{
  GtkBox *box; /* not owned */
  char *label; /* nullable: of a button */
  char *text;
  char *type; /* nullable: that the button narrows to */
  AcDecision decision;
} Piece;

G_DEFINE_FINAL_TYPE (AcSelectionDetails, ac_selection_details, GTK_TYPE_WIDGET)

enum
{
  NARROW_TO_TYPE,
  NARROW_TO_DECISION,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* How many come with one frame: to lay out and to paint all of them takes longer than a frame has. */
#define PIECES_AT_ONCE 3

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The spellings in a table of counts. */
static GPtrArray *
sorted_spellings (GHashTable *counts)
{
  GPtrArray *spellings = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer spelling;

  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &spelling, NULL))
    g_ptr_array_add (spellings, spelling);
  g_ptr_array_sort (spellings, compare_keys);
  return spellings;
}

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  g_free (piece->label);
  g_free (piece->text);
  g_free (piece->type);
  g_free (piece);
}

static Piece *
add_piece (AcSelectionDetails *self, GtkBox *box, const char *label, const char *text)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->box = box;
  piece->label = g_strdup (label);
  piece->text = g_strdup (text);
  g_queue_push_tail (&self->pieces, piece);
  return piece;
}

static void
add_fact (AcSelectionDetails *self, const char *label, AcVocabulary vocabulary, GHashTable *counts)
{
  const char *shared = ac_action_summary_get_shared (counts);
  g_autoptr (GPtrArray) spellings = NULL;
  g_autoptr (GString) text = NULL;

  if (shared != NULL)
    {
      add_piece (self, self->shared, label, ac_vocabulary_label (vocabulary, shared));
      return;
    }
  spellings = sorted_spellings (counts);
  text = g_string_new (NULL);
  for (guint i = 0; i < spellings->len; i++)
    {
      const char *spelling = g_ptr_array_index (spellings, i);
      g_autofree char *number = ac_wording_number (ac_action_summary_get_count (counts, spelling));

      if (i > 0)
        g_string_append_c (text, '\n');
      /* Translators: one of several values, and how many of the selected actions have it */
      g_string_append_printf (text, _ ("%1$s: %2$s"), ac_vocabulary_label (vocabulary, spelling),
                              number);
    }
  add_piece (self, self->differing, label, text->str);
}

static void
type_clicked_cb (AcSelectionDetails *self, GtkButton *button)
{
  g_signal_emit (self, signals[NARROW_TO_TYPE], 0,
                 g_object_get_data (G_OBJECT (button), "ac-type"));
}

static void
decision_clicked_cb (AcSelectionDetails *self, GtkButton *button)
{
  g_signal_emit (self, signals[NARROW_TO_DECISION], 0,
                 GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "ac-decision")));
}

static void
show_narrow_button (AcSelectionDetails *self, Piece *piece)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *label = gtk_label_new (piece->text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  piece->text, -1);
  if (piece->type != NULL)
    {
      g_object_set_data_full (G_OBJECT (button), "ac-type", g_steal_pointer (&piece->type), g_free);
      g_signal_connect_object (button, "clicked", G_CALLBACK (type_clicked_cb), self,
                               G_CONNECT_SWAPPED);
    }
  else
    {
      g_object_set_data (G_OBJECT (button), "ac-decision", GUINT_TO_POINTER (piece->decision));
      g_signal_connect_object (button, "clicked", G_CALLBACK (decision_clicked_cb), self,
                               G_CONNECT_SWAPPED);
    }
  gtk_box_append (piece->box, button);
}

static void
show_piece (AcSelectionDetails *self, Piece *piece)
{
  if (piece->label == NULL)
    show_narrow_button (self, piece);
  else
    ac_fact_row_append (piece->box, piece->label, piece->text);
  /* A section comes with its first piece. */
  if (piece->box == self->narrow_buttons)
    gtk_widget_set_visible (self->narrow_section, TRUE);
  else if (piece->box == self->differing)
    gtk_widget_set_visible (self->differing_section, TRUE);
  else if (piece->box == self->undo_facts)
    gtk_widget_set_visible (self->undo_section, TRUE);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  AcSelectionDetails *self = AC_SELECTION_DETAILS (widget);

  for (guint i = 0; i < PIECES_AT_ONCE && !g_queue_is_empty (&self->pieces); i++)
    {
      Piece *piece = g_queue_pop_head (&self->pieces);

      show_piece (self, piece);
      piece_free (piece);
    }
  if (!g_queue_is_empty (&self->pieces))
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

/* Nothing is shown, and nothing more will be. */
static void
clear_pieces (AcSelectionDetails *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  g_queue_clear_full (&self->pieces, piece_free);
}

static void
offer_types (AcSelectionDetails *self, const AcActionSummary *summary)
{
  g_autoptr (GPtrArray) types = sorted_spellings (summary->types);

  for (guint i = 0; i < types->len; i++)
    {
      const char *type = g_ptr_array_index (types, i);
      g_autofree char *number =
          ac_wording_number (ac_action_summary_get_count (summary->types, type));
      g_autofree char *text =
          g_strdup_printf (_ ("Narrow to %1$s (%2$s)"),
                           ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, type), number);

      add_piece (self, self->narrow_buttons, NULL, text)->type = g_strdup (type);
    }
}

static char *
narrow_to_decision_text (AcDecision decision, guint64 n_actions)
{
  g_autofree char *number = ac_wording_number (n_actions);

  switch (decision)
    {
    case AC_DECISION_UNDO:
      return g_strdup_printf (_ ("Narrow to the %s that can be undone"), number);
    case AC_DECISION_RETRY:
      return g_strdup_printf (_ ("Narrow to the %s that can be tried again"), number);
    case AC_DECISION_APPROVE:
    case AC_DECISION_REJECT:
    case AC_DECISION_UNKNOWN:
    default:
      return g_strdup_printf (_ ("Narrow to the %s that wait for a decision"), number);
    }
}

static char *
narrow_to_others_text (guint64 n_actions)
{
  g_autofree char *number = ac_wording_number (n_actions);

  return g_strdup_printf (_ ("Narrow to the %s that you may approve"), number);
}

static void
offer_decisions (AcSelectionDetails *self, const AcActionSummary *summary)
{
  static const AcDecision decisions[] = { AC_DECISION_APPROVE, AC_DECISION_UNDO,
                                          AC_DECISION_RETRY };

  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    {
      guint64 n_allowing = summary->n_allowing[decisions[i]];
      g_autofree char *text = NULL;

      if (decisions[i] == AC_DECISION_APPROVE)
        n_allowing -= MIN (n_allowing, summary->n_own_proposals);
      if (n_allowing == 0 || n_allowing == summary->n_actions)
        continue;
      text = decisions[i] == AC_DECISION_APPROVE && summary->n_own_proposals > 0
                 ? narrow_to_others_text (n_allowing)
                 : narrow_to_decision_text (decisions[i], n_allowing);
      add_piece (self, self->narrow_buttons, NULL, text)->decision = decisions[i];
    }
}

static void
offer_to_narrow (AcSelectionDetails *self, const AcActionSummary *summary)
{
  gboolean mixed_types = g_hash_table_size (summary->types) > 1;

  if (mixed_types)
    offer_types (self, summary);
  offer_decisions (self, summary);
  gtk_label_set_text (self->narrow_text,
                      mixed_types ? _ ("The selected actions are of several types.")
                                  : _ ("The selected actions allow different decisions."));
}

static void
add_contract (AcSelectionDetails *self, const char *type, gboolean alone)
{
  AcUndoContract contract;
  g_autofree char *text = NULL;

  if (!ac_undo_contract_find (ac_action_type_parse (type), &contract))
    return;
  if (alone)
    {
      add_piece (self, self->undo_facts, _ ("Brings back"), contract.brings_back);
      add_piece (self, self->undo_facts, _ ("How long"), contract.until);
      add_piece (self, self->undo_facts, _ ("Cannot bring back"), contract.cannot);
      return;
    }
  /* Translators: what an undo brings back, for how long, and what it cannot bring back */
  text = g_strdup_printf (_ ("Brings back: %1$s\nHow long: %2$s\nCannot bring back: %3$s"),
                          contract.brings_back, contract.until, contract.cannot);
  add_piece (self, self->undo_facts, ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, type), text);
}

/* Said before the approval, and for as long as there may be something to undo. */
static void
add_undo (AcSelectionDetails *self, const AcActionSummary *summary)
{
  g_autoptr (GPtrArray) types = sorted_spellings (summary->types);

  if (summary->n_allowing[AC_DECISION_APPROVE] > 0 || summary->n_allowing[AC_DECISION_UNDO] > 0)
    for (guint i = 0; i < types->len; i++)
      add_contract (self, types->pdata[i], types->len == 1);
}

static void
ac_selection_details_dispose (GObject *object)
{
  AcSelectionDetails *self = AC_SELECTION_DETAILS (object);

  clear_pieces (self);
  g_clear_pointer ((GtkWidget **)&self->scrolled_window, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_selection_details_parent_class)->dispose (object);
}

static void
ac_selection_details_class_init (AcSelectionDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_selection_details_dispose;

  signals[NARROW_TO_TYPE] =
      g_signal_new ("narrow-to-type", AC_TYPE_SELECTION_DETAILS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[NARROW_TO_DECISION] =
      g_signal_new ("narrow-to-decision", AC_TYPE_SELECTION_DETAILS, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-selection-details.ui");
  gtk_widget_class_bind_template_child (widget_class, AcSelectionDetails, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, AcSelectionDetails, title);
  gtk_widget_class_bind_template_child (widget_class, AcSelectionDetails, shared);
  gtk_widget_class_bind_template_child (widget_class, AcSelectionDetails, differing_section);
  gtk_widget_class_bind_template_child (widget_class, AcSelectionDetails, differing);
  gtk_widget_class_bind_template_child (widget_class, AcSelectionDetails, undo_section);
  gtk_widget_class_bind_template_child (widget_class, AcSelectionDetails, undo_facts);
  gtk_widget_class_bind_template_child (widget_class, AcSelectionDetails, narrow_section);
  gtk_widget_class_bind_template_child (widget_class, AcSelectionDetails, narrow_text);
  gtk_widget_class_bind_template_child (widget_class, AcSelectionDetails, narrow_buttons);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ac_selection_details_init (AcSelectionDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_selection_details_set_summary:
 * @summary: of the selected actions
 */
void
ac_selection_details_set_summary (AcSelectionDetails *self, const AcActionSummary *summary)
{
  g_autofree char *actions = NULL;
  g_autofree char *title = NULL;
  g_autofree char *assets = NULL;

  g_return_if_fail (AC_IS_SELECTION_DETAILS (self));
  g_return_if_fail (summary != NULL);

  actions = ac_wording_actions (summary->n_actions);
  title = g_strdup_printf (_ ("%s selected"), actions);
  gtk_label_set_text (self->title, title);

  clear_pieces (self);
  ac_ui_clear_box (self->shared);
  ac_ui_clear_box (self->differing);
  ac_ui_clear_box (self->undo_facts);
  ac_ui_clear_box (self->narrow_buttons);
  gtk_widget_set_visible (self->differing_section, FALSE);
  gtk_widget_set_visible (self->undo_section, FALSE);
  gtk_widget_set_visible (self->narrow_section, FALSE);

  /* In the order in which they stand. */
  offer_to_narrow (self, summary);
  add_fact (self, _ ("Action type"), AC_VOCABULARY_ACTION_TYPE, summary->types);
  add_fact (self, _ ("Status"), AC_VOCABULARY_STATUS, summary->statuses);
  add_fact (self, _ ("Verdict"), AC_VOCABULARY_VERDICT, summary->verdicts);
  add_fact (self, _ ("Source"), AC_VOCABULARY_SOURCE, summary->sources);
  add_fact (self, _ ("Entity type"), AC_VOCABULARY_ENTITY_TYPE, summary->entity_types);
  assets = ac_wording_number (g_hash_table_size (summary->assets));
  add_piece (self, self->shared,
             ac_action_type_parse (ac_action_summary_get_shared (summary->types)) ==
                     AC_ACTION_TYPE_BLOCK_URL
                 ? _ ("Enforcement points")
                 : _ ("Different mailboxes and devices"),
             assets);
  add_undo (self, summary);
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}
