/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-action-item.h"

struct _AcActionItem
{
  GObject parent_instance;

  guint64 key;
  AcAction *action; /* nullable */
  gboolean distrusted;
};

enum
{
  PROP_0,
  PROP_KEY,
  PROP_ACTION,
  PROP_LOADED,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (AcActionItem, ac_action_item, G_TYPE_OBJECT)

static void
ac_action_item_finalize (GObject *object)
{
  AcActionItem *self = AC_ACTION_ITEM (object);

  g_clear_object (&self->action);
  G_OBJECT_CLASS (ac_action_item_parent_class)->finalize (object);
}

static void
ac_action_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcActionItem *self = AC_ACTION_ITEM (object);

  switch (id)
    {
    case PROP_KEY:
      g_value_set_uint64 (value, self->key);
      break;
    case PROP_ACTION:
      g_value_set_object (value, self->action);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->action != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_action_item_class_init (AcActionItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = ac_action_item_finalize;
  object_class->get_property = ac_action_item_get_property;
  properties[PROP_KEY] = g_param_spec_uint64 ("key", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_ACTION] = g_param_spec_object ("action", NULL, NULL, AC_TYPE_ACTION, flags);
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ac_action_item_init (AcActionItem *self)
{
}

/**
 * ac_action_item_new:
 *
 * Returns: (transfer full): a row that is not loaded yet.
 */
AcActionItem *
ac_action_item_new (guint64 key)
{
  AcActionItem *self = g_object_new (AC_TYPE_ACTION_ITEM, NULL);

  self->key = key;
  return self;
}

guint64
ac_action_item_get_key (AcActionItem *self)
{
  g_return_val_if_fail (AC_IS_ACTION_ITEM (self), 0);

  return self->key;
}

/**
 * ac_action_item_get_action:
 *
 * Returns: (transfer none) (nullable): the action, or %NULL until it is loaded.
 */
AcAction *
ac_action_item_get_action (AcActionItem *self)
{
  g_return_val_if_fail (AC_IS_ACTION_ITEM (self), NULL);

  return self->action;
}

gboolean
ac_action_item_get_loaded (AcActionItem *self)
{
  g_return_val_if_fail (AC_IS_ACTION_ITEM (self), FALSE);

  return self->action != NULL;
}

/**
 * ac_action_item_set_action:
 *
 * Answers can overtake each other; an older version than the one shown is left aside.
 *
 * Returns: whether @action is shown now.
 */
gboolean
ac_action_item_set_action (AcActionItem *self, AcAction *action)
{
  gboolean was_loaded;
  gint64 old, new;

  g_return_val_if_fail (AC_IS_ACTION_ITEM (self), FALSE);
  g_return_val_if_fail (AC_IS_ACTION (action), FALSE);

  was_loaded = self->action != NULL;
  if (was_loaded && !self->distrusted)
    {
      old = ac_action_get_version (self->action);
      new = ac_action_get_version (action);
      if (new < old || (new == old &&action == self->action))
        return new == old;
    }
  self->distrusted = FALSE;
  g_set_object (&self->action, action);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTION]);
  if (!was_loaded)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
  return TRUE;
}

/**
 * ac_action_item_distrust:
 *
 * Lets the next action in whatever its version is: after the service was put back to an earlier
 * state, versions begin again. What is shown stays until then.
 */
void
ac_action_item_distrust (AcActionItem *self)
{
  g_return_if_fail (AC_IS_ACTION_ITEM (self));

  self->distrusted = TRUE;
}
