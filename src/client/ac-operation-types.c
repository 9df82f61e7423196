/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-operation-types.h"

struct _AcOperationTypes
{
  GObject parent_instance;

  AcActionSource *source;
  GCancellable *cancellable;
  GHashTable *answers; /* id of an operation → Answer */
  guint64 n_changes;   /* how often some actions have changed */
};

/* What is known of one operation. */
typedef struct
{
  GHashTable *types; /* a set; only grows: what an action is never changes */
  gboolean asking;
  gboolean complete; /* all its actions were among those counted */
  gboolean failed;   /* the last time */
  guint64 n_changes; /* when it was last asked for */
} Answer;

enum
{
  KNOWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AcOperationTypes, ac_operation_types, G_TYPE_OBJECT)

typedef struct
{
  AcOperationTypes *types; /* owned */
  char *operation_id;
  guint64 n_actions;
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->types);
  g_free (question->operation_id);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static Answer *
answer_new (void)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return answer;
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_hash_table_unref (answer->types);
  g_free (answer);
}

static void
changed_cb (AcOperationTypes *self)
{
  self->n_changes++;
}

static void
ac_operation_types_dispose (GObject *object)
{
  AcOperationTypes *self = AC_OPERATION_TYPES (object);

  g_cancellable_cancel (self->cancellable);
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (ac_operation_types_parent_class)->dispose (object);
}

static void
ac_operation_types_finalize (GObject *object)
{
  AcOperationTypes *self = AC_OPERATION_TYPES (object);

  g_object_unref (self->cancellable);
  g_hash_table_unref (self->answers);
  G_OBJECT_CLASS (ac_operation_types_parent_class)->finalize (object);
}

static void
ac_operation_types_class_init (AcOperationTypesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_operation_types_dispose;
  G_OBJECT_CLASS (klass)->finalize = ac_operation_types_finalize;
  signals[KNOWN] = g_signal_new ("known", AC_TYPE_OPERATION_TYPES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
ac_operation_types_init (AcOperationTypes *self)
{
  self->cancellable = g_cancellable_new ();
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, answer_free);
}

/**
 * ac_operation_types_new:
 * @source: knows the actions
 *
 * Returns: (transfer full): nothing is known yet.
 */
AcOperationTypes *
ac_operation_types_new (AcActionSource *source)
{
  AcOperationTypes *self;

  g_return_val_if_fail (AC_IS_ACTION_SOURCE (source), NULL);

  self = g_object_new (AC_TYPE_OPERATION_TYPES, NULL);
  self->source = g_object_ref (source);
  g_signal_connect_swapped (source, "changed", G_CALLBACK (changed_cb), self);
  return self;
}

static void
values_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  AcOperationTypes *self = question->types;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcFilterValues) values =
      ac_action_source_load_values_finish (AC_ACTION_SOURCE (object), result, &error);
  guint64 n_counted = 0;
  gboolean more = FALSE;
  Answer *answer;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  answer = g_hash_table_lookup (self->answers, question->operation_id);
  answer->asking = FALSE;
  answer->failed = values == NULL;
  for (guint i = 0; values != NULL && i < values->values->len; i++)
    {
      const AcFilterValue *value = g_ptr_array_index (values->values, i);

      n_counted += value->count;
      more |= g_hash_table_add (answer->types, g_strdup (value->value));
    }
  answer->complete = n_counted > 0 && n_counted >= question->n_actions;
  if (more)
    g_signal_emit (self, signals[KNOWN], 0);
}

static void
ask (AcOperationTypes *self, Answer *answer, const char *operation_id, guint64 n_actions)
{
  const char *const ids[] = { operation_id, NULL };
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (AcActionQuery) query = ac_action_query_with_filter (all, AC_FILTER_OPERATION, ids);
  Question *question = g_new0 (Question, 1);

  question->types = g_object_ref (self);
  question->operation_id = g_strdup (operation_id);
  question->n_actions = n_actions;
  answer->asking = TRUE;
  answer->n_changes = self->n_changes;
  ac_action_source_load_values_async (self->source, query, AC_FILTER_TYPE, NULL, self->cancellable,
                                      values_cb, question);
}

/**
 * ac_operation_types_find:
 * @n_actions: how many actions the operation has
 *
 * Asks for what is not known, unless that is under way. A decision may be known here before all its
 * actions are, and some may belong to a later one already: until all were counted, it is asked anew
 * after something has changed.
 *
 * Returns: (transfer none) (nullable): a set of the types of its actions as far as they are known, as
 * spelled on the wire; %NULL: none is known.
 */
GHashTable *
ac_operation_types_find (AcOperationTypes *self, const char *operation_id, guint64 n_actions)
{
  Answer *answer;

  g_return_val_if_fail (AC_IS_OPERATION_TYPES (self), NULL);
  g_return_val_if_fail (operation_id != NULL, NULL);

  answer = g_hash_table_lookup (self->answers, operation_id);
  if (answer == NULL)
    {
      answer = answer_new ();
      g_hash_table_insert (self->answers, g_strdup (operation_id), answer);
      ask (self, answer, operation_id, n_actions);
    }
  else if (!answer->complete && !answer->asking &&
           (answer->failed || answer->n_changes != self->n_changes))
    ask (self, answer, operation_id, n_actions);
  return g_hash_table_size (answer->types) > 0 ? answer->types : NULL;
}
