/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-operation-types.h"

struct _AcOperationTypes
{
  GObject parent_instance;

  AcActionSource *source;
  GCancellable *cancellable;
  GHashTable *types; /* id of an operation → set of types; NULL while they are asked for */
};

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
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->types);
  g_free (question->operation_id);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
unref_if_known (gpointer types)
{
  if (types != NULL)
    g_hash_table_unref (types);
}

static void
ac_operation_types_dispose (GObject *object)
{
  AcOperationTypes *self = AC_OPERATION_TYPES (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (ac_operation_types_parent_class)->dispose (object);
}

static void
ac_operation_types_finalize (GObject *object)
{
  AcOperationTypes *self = AC_OPERATION_TYPES (object);

  g_object_unref (self->cancellable);
  g_hash_table_unref (self->types);
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
  self->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_if_known);
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
  GHashTable *types;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  /* A decision may be known here before its actions are; then it is asked again. */
  if (values == NULL || values->values->len == 0)
    {
      g_hash_table_remove (self->types, question->operation_id);
      return;
    }
  types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < values->values->len; i++)
    g_hash_table_add (types,
                      g_strdup (((AcFilterValue *)g_ptr_array_index (values->values, i))->value));
  g_hash_table_insert (self->types, g_strdup (question->operation_id), types);
  g_signal_emit (self, signals[KNOWN], 0);
}

/**
 * ac_operation_types_find:
 *
 * Returns: (transfer none) (nullable): a set of the types of its actions, as spelled on the wire;
 * %NULL: they are not known, and are asked for unless they already are.
 */
GHashTable *
ac_operation_types_find (AcOperationTypes *self, const char *operation_id)
{
  const char *const ids[] = { operation_id, NULL };
  g_autoptr (AcActionQuery) all = NULL;
  g_autoptr (AcActionQuery) query = NULL;
  Question *question;
  gpointer types;

  g_return_val_if_fail (AC_IS_OPERATION_TYPES (self), NULL);
  g_return_val_if_fail (operation_id != NULL, NULL);

  if (g_hash_table_lookup_extended (self->types, operation_id, NULL, &types))
    return types;
  g_hash_table_insert (self->types, g_strdup (operation_id), NULL);
  question = g_new0 (Question, 1);
  question->types = g_object_ref (self);
  question->operation_id = g_strdup (operation_id);
  all = ac_action_query_new (AC_TAB_ALL);
  query = ac_action_query_with_filter (all, AC_FILTER_OPERATION, ids);
  ac_action_source_load_values_async (self->source, query, AC_FILTER_TYPE, NULL, self->cancellable,
                                      values_cb, question);
  return NULL;
}
